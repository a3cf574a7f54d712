using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Downloads;

/// <summary><c>relay download</c>: a version with all that is known of it, verified, in a folder.</summary>
internal static class DownloadCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> version = new("version") { Description = "NAME@VERSION, or the name of a model, for its latest version." };
        Argument<string> folder = new("folder") { Description = "A new or an empty folder." };
        Option<string?> root = new("--root")
        {
            Description = "Your own copy of a root of the relay, such as the root.json that nodes pin. Default: the relay's own first root.",
            HelpName = "file",
        };
        Command command = new(
            "download", "Downloads a version into a folder: the model, its signature, statements, card and golden vectors, each verified.")
        {
            version, folder, root,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = parsed.GetValue(folder)!;
            using DownloadFolder files = DownloadFolder.Create(target);
            byte[]? pinned = parsed.GetValue(root) is { } path ? BoundedFile.Read(path, TrustBounds.RootBytes, "a root.json") : null;
            using HttpClient http = connection.CreateClient(parsed);
            using RelayApi relay = new(http);
            ModelVersion wanted = (await PublishCommand.ResolveAllAsync(relay, [parsed.GetValue(version)!], cancellationToken))[0];
            DownloadedVersion downloaded = await new VersionDownload(relay, http, wanted, TimeProvider.System).ReadAsync(pinned, cancellationToken);
            files.Write(downloaded.Files);
            foreach (string line in Lines(wanted, downloaded, target))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(ModelVersion version, DownloadedVersion downloaded, string folder)
    {
        yield return DisplayText.Format(
            $"{folder}: {downloaded.Files.Count} files of {version.Name} {version.Version}. Model, signature and statements have the " +
                $"SHA-256 that is signed or in the card, and the signature verifies by {DownloadedVersion.Anchors}; the card is the relay's word.");
        if (downloaded.IsRevoked)
        {
            yield return DisplayText.Format($"WARNING: {version.Name} {version.Version} is revoked: no node may run it");
        }

        if (!downloaded.IsPublished)
        {
            yield return "It is not published: there are no statements about it yet, and its signature has no time stamp.";
        }

        yield return DisplayText.Format(
            $"{DownloadedVersion.Anchors} came with it: compare its SHA-256 with what the relay's operators told you: {downloaded.AnchorsSha256}");
        yield return DisplayText.Format($"Verify it without Relay, in {folder}:");
        yield return $"  sha256sum -c {DownloadedVersion.Digests}";
        yield return "  openssl cms -verify -binary -inform DER -in model.onnx.p7s -content model.onnx -CAfile anchors.pem -out /dev/null";
    }
}
