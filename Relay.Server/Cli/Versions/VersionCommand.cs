using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay version</c>: what single versions were made of, and their deletion.</summary>
internal static class VersionCommand
{
    public static Command Create() => new(
        "version", "Shows what a version was made of, and deletes unpublished versions. 'relay model versions' lists versions.")
    {
        CreateBom(), CreateDelete(),
    };

    private static Command CreateBom()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> version = new("version") { Description = VersionArgument.Description };
        BomOutput bom = new();
        Command command = new("bom", "Shows what a version was made of, as a CycloneDX ML-BOM: data, engine, libraries, figures, signed evidence.")
        {
            version, bom.File,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            ModelVersion found = await VersionArgument.ResolveAsync(
                relay, parsed.GetValue(version)!, parsed.InvocationConfiguration.Error, cancellationToken);
            await bom.WriteAsync(
                parsed, await relay.Client.Versions.ReadBomAsync(found.Name, found.Version, cancellationToken), cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command CreateDelete()
    {
        Argument<string[]> versions = new("version") { Description = "NAME@VERSION with a number." };
        return EachCommand.Create(
            "delete", "Deletes versions that were never published and that nothing names. Their numbers are not given again.",
            AccessPolicies.Operate, versions, VersionArgument.ParseNumbered,
            async (relay, version, cancellationToken) =>
            {
                await relay.Client.Versions.DeleteAsync(version.Name, version.Version, cancellationToken);
                return DisplayText.Format($"{version.Name} {version.Version} is deleted.");
            });
    }
}
