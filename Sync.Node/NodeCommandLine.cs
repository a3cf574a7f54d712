using System.CommandLine;
using Sync.Client;
using Sync.Node.Hosting;

namespace Sync.Node;

/// <summary>The command line: <c>relay-node</c>.</summary>
internal static class NodeCommandLine
{
    public static RootCommand Create()
    {
        NodeOptions options = new();
        ServeOptions serving = new();
        Command run = new("run", "Keeps the models of this machine current until it is stopped.");
        Command serve = new("serve", "Does what 'run' does, and serves the models by the Open Inference Protocol (REST and gRPC) to this machine.");
        serving.AddTo(serve);
        Option<bool> asJson = new("--json") { Description = "Prints JSON." };
        Argument<string> bundle = new("BUNDLE") { Description = "A file that 'relay bundle export' wrote." };
        Command import = new("import", "Updates from a bundle, verified by the same rules as an update from a relay.") { bundle };
        Command refresh = new("refresh", "Updates once from the relay, or from a mirror where the relay fails.");
        Command status = new("status", "Shows the active release and the quarantine of the store, without any request.") { asJson };
        Argument<string?> digest =
            new("SHA256") { Description = "The SHA-256 digest of one file; without it, all files.", Arity = ArgumentArity.ZeroOrOne };
        Command clear = new("clear", "Removes files from quarantine; the next update tries them out again.") { digest };
        Command quarantine = new("quarantine", "Manages the models that failed their try-out on this node.") { clear };
        Argument<string?> model = new("MODEL") { Description = "The name of a model; without it, all models.", Arity = ArgumentArity.ZeroOrOne };
        Command accept = new("accept", "Accepts the next release with other inputs, classes or task than the release before, once.") { model };
        Command schema = new("schema", "Manages the schemas that the node took from the first release and expects of every other.") { accept };

        Argument<int> release = new("RELEASE")
        {
            Description = "The number of a release, from 1.",
            CustomParser = BoundedNumber.Parser("<RELEASE>", 1, int.MaxValue),
        };
        Command pin = new("pin", "Runs one release, whatever the channel says, until 'follow' or until that release is revoked.") { release };
        Command hold = new("hold", "Keeps the active release until 'follow' and accepts no new one.");
        Command follow = new("follow", "Ends a pin or a hold and updates to the release of the channel.");

        run.SetAction((parsed, stop) => HostCommands.RunAsync(options.Read(parsed), stop));
        serve.SetAction((parsed, stop) => HostCommands.ServeAsync(options.Read(parsed), serving.Read(parsed), stop));
        import.SetAction((parsed, stop) => NodeCommands.RunAsync(
            options.Read(parsed), (node, token) => node.ImportAsync(parsed.GetValue(bundle)!, token), stop));
        refresh.SetAction((parsed, stop) => NodeCommands.RunAsync(options.Read(parsed), (node, token) => node.RefreshAsync(token), stop));
        status.SetAction((parsed, stop) => parsed.GetValue(asJson)
            ? NodeCommands.ShowJsonAsync(options.Read(parsed), stop)
            : NodeCommands.RunAsync(options.Read(parsed), update: null, stop));
        pin.SetAction((parsed, stop) => NodeCommands.SteerAsync(
            options.Read(parsed), NodeSteering.PinnedTo(parsed.GetValue(release)),
            (node, token) => node.PinAsync(parsed.GetValue(release), token), stop));
        hold.SetAction((parsed, stop) => NodeCommands.SteerAsync(
            options.Read(parsed), NodeSteering.Held, (node, token) => node.HoldAsync(token), stop));
        follow.SetAction((parsed, stop) => NodeCommands.SteerAsync(
            options.Read(parsed), NodeSteering.Following, (node, token) => node.FollowAsync(token), stop));
        accept.SetAction((parsed, stop) => NodeCommands.AcceptSchemaAsync(options.Read(parsed), parsed.GetValue(model), stop));
        clear.SetAction((parsed, stop) => NodeCommands.LiftAsync(options.Read(parsed), parsed.GetValue(digest), stop));

        RootCommand root = new("relay-node: keeps the models of this machine current, serves them, and shows and steers a node by its store.")
        {
            run, serve, HealthCommand.Create(), import, refresh, status, pin, hold, follow, quarantine, schema,
        };
        LocalCommands.AddTo(root, options);
        options.AddTo(root);
        NodeExamples.AddTo(root);
        return root;
    }
}
