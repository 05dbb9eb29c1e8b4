module belay/tools/node/app

go 1.26.0
