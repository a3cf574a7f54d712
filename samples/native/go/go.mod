module relay.example/node

go 1.19
