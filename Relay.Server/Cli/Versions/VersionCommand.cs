using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay version</c>: single versions of models.</summary>
internal static class VersionCommand
{
    public static Command Create() => new("version", "Deletes versions that were never published. 'relay model versions' lists versions.")
    {
        CreateDelete(),
    };

    private static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string[]> versions = new("version") { Description = "NAME@VERSION with a number.", Arity = ArgumentArity.OneOrMore };
        Command command = new(
            "delete", "Deletes versions that were never published and that nothing names. Their numbers are not given again.") { versions };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ModelVersion[] named = [.. parsed.GetValue(versions)!.Select(VersionArgument.ParseNumbered)];
            using RelayApi relay = connection.Open(parsed);
            foreach (ModelVersion version in named)
            {
                await relay.Client.Versions.DeleteAsync(version.Name, version.Version, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"{version.Name} {version.Version} is deleted."));
            }

            return 0;
        });
        return command;
    }
}
