using System.CommandLine;
using RelayNode;

NodeOptions options = new();
Argument<string> bundle = new("BUNDLE") { Description = "A file that 'relay bundle export' wrote." };
Command import = new("import", "Takes a release from a bundle, checked as if a relay had sent it.") { bundle };
Command refresh = new("refresh", "Asks the relay, then its mirrors, once.");
Command status = new("status", "Shows what the store runs, without asking anybody.");
Argument<string?> digest = new("SHA256") { Description = "The file's digest; all of them without it.", Arity = ArgumentArity.ZeroOrOne };
Command clear = new("clear", "Lets what is in quarantine be tried out again, with the next update.") { digest };
Command quarantine = new("quarantine", "Models that failed their try-out on this node.") { clear };

import.SetAction((parsed, stop) => NodeCommands.RunAsync(
    options.Read(parsed), (node, token) => node.ImportAsync(parsed.GetValue(bundle)!, token), stop));
refresh.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), (node, token) => node.RefreshAsync(token), stop));
status.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), update: null, stop));
clear.SetAction((parsed, stop) => NodeCommands.LiftAsync(options.Read(parsed), parsed.GetValue(digest), stop));

RootCommand root = new("relay-node: a node's store by hand.") { import, refresh, status, quarantine };
options.AddTo(root);
return await root.Parse(args).InvokeAsync();
