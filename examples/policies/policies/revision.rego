# About the whole revision: asked once, with all objects.
package belay.revision

deny contains msg if {
	some object in input.objects
	object.kind == "Deployment"
	not has_budget
	msg := sprintf("%s has no PodDisruptionBudget beside it", [object.metadata.name])
}

has_budget if {
	some object in input.objects
	object.kind == "PodDisruptionBudget"
}
