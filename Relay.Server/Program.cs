using System.Collections;
using Relay.Server.Cli;
using Relay.Server.Cli.Configuration;

RelaySettings settings = new(new SettingSources(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(
        variable => (string)variable.Key, variable => variable.Value as string ?? "",
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal)));
return await CommandLine.RunAsync(RelayCommand.Create(settings), args, Console.Out, Console.Error, settings);
