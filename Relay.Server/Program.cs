using System.CommandLine;
using Relay.Server.Cli;
using Relay.Server.Cli.Keys;

RootCommand relay = new("Relay: trains security models, signs them, and gets them safely to every node.")
{
    ServeCommand.Create(),
    TrainCommand.Create(),
    PublishCommand.Create(),
    RevokeCommand.Create(),
    StatusCommand.Create(),
    MirrorCommand.Create(),
    BundleCommand.Create(),
    CollectGarbageCommand.Create(),
    KeysCommand.Create(),
    IssueSignerCommand.Create(),
    ExplainCommand.Create(),
    SignCommand.Create(),
    PendingCommand.Create(),
    ApproveCommand.Create(),
    ApproverKeyCommand.Create(),
};
return await CommandLine.RunAsync(relay, args, Console.Out, Console.Error);
