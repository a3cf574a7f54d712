using System.CommandLine;
using Relay.Server.Cli;
using Relay.Server.Demo;

RootCommand relay = new("Relay: trains security models, signs them, and gets them safely to every node.")
{
    ServeCommand.Create(),
    TrainCommand.Create(),
    PublishCommand.Create(),
    StatusCommand.Create(),
    MirrorCommand.Create(),
    BundleCommand.Create(),
    IssueSignerCommand.Create(),
    ExplainCommand.Create(),
    DemoCommand.Create(),
};
return await CommandLine.RunAsync(relay, args, Console.Out, Console.Error);
