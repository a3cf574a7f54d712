using System.CommandLine;
using RelayNode;

NodeOptions options = new();
Argument<string> bundle = new("BUNDLE") { Description = "A file that 'relay bundle export' wrote." };
Command import = new("import", "Takes a release from a bundle, checked as if a relay had sent it.") { bundle };
Command refresh = new("refresh", "Asks the relay, then its mirrors, once.");
Command status = new("status", "Shows what the store runs, without asking anybody.");

import.SetAction((parsed, stop) => NodeCommands.RunAsync(
    options.Read(parsed), (node, token) => node.ImportAsync(parsed.GetValue(bundle)!, token), stop));
refresh.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), (node, token) => node.RefreshAsync(token), stop));
status.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), update: null, stop));

RootCommand root = new("relay-node: a node's store by hand.") { import, refresh, status };
options.AddTo(root);
return await root.Parse(args).InvokeAsync();
