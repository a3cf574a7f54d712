using Relay.Server.Cli;

return await CommandLine.RunAsync(RelayCommand.Create(), args, Console.Out, Console.Error);
