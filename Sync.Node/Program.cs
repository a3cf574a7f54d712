using System.CommandLine;
using Sync.Client;
using Sync.Node;

NodeOptions options = new();
Argument<string> bundle = new("BUNDLE") { Description = "A file that 'relay bundle export' wrote." };
Command import = new("import", "Takes a release from a bundle, checked as if a relay had sent it.") { bundle };
Command refresh = new("refresh", "Asks the relay, then its mirrors, once.");
Command status = new("status", "Shows what the store runs, without asking anybody.");
Argument<string?> digest = new("SHA256") { Description = "The file's digest; all of them without it.", Arity = ArgumentArity.ZeroOrOne };
Command clear = new("clear", "Lets what is in quarantine be tried out again, with the next update.") { digest };
Command quarantine = new("quarantine", "Models that failed their try-out on this node.") { clear };

Argument<int> release = new("RELEASE") { Description = "The number of a release, from 1." };
release.Validators.Add(result =>
{
    if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number) && number < 1)
    {
        result.AddError("RELEASE is a number from 1.");
    }
});
Command pin = new("pin", "Runs one release, whatever the channel says, until 'follow'.") { release };
Command hold = new("hold", "Takes nothing new until 'follow'.");
Command follow = new("follow", "Ends a pin or a hold and takes what the channel says.");

import.SetAction((parsed, stop) => NodeCommands.RunAsync(
    options.Read(parsed), (node, token) => node.ImportAsync(parsed.GetValue(bundle)!, token), stop));
refresh.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), (node, token) => node.RefreshAsync(token), stop));
status.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), update: null, stop));
pin.SetAction((parsed, stop) => NodeCommands.SteerAsync(
    options.Read(parsed), NodeSteering.PinnedTo(parsed.GetValue(release)), (node, token) => node.PinAsync(parsed.GetValue(release), token), stop));
hold.SetAction((parsed, stop) => NodeCommands.SteerAsync(
    options.Read(parsed), NodeSteering.Held, (node, token) => node.HoldAsync(token), stop));
follow.SetAction((parsed, stop) => NodeCommands.SteerAsync(
    options.Read(parsed), NodeSteering.Following, (node, token) => node.FollowAsync(token), stop));
clear.SetAction((parsed, stop) => NodeCommands.LiftAsync(options.Read(parsed), parsed.GetValue(digest), stop));

RootCommand root = new("relay-node: a node's store by hand.") { import, refresh, status, pin, hold, follow, quarantine };
options.AddTo(root);
return await root.Parse(args).InvokeAsync();
