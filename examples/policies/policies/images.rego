# Images are named by a version, and come from a registry of ours.
package belay.images

containers contains container if some container in input.object.spec.template.spec.containers

deny contains {"msg": msg, "field": field} if {
	some index, container in input.object.spec.template.spec.containers
	not startswith(container.image, "registry.example/")
	msg := sprintf("%s is from another registry", [container.image])
	field := sprintf("spec.template.spec.containers[%d].image", [index])
}

warn contains msg if {
	some container in containers
	not contains(container.image, ":")
	msg := sprintf("%s has no version", [container.image])
}
