using Demo;
using Relay.Server.Cli;

return await CommandLine.RunAsync(DemoCommand.Create(), args, Console.Out, Console.Error);
