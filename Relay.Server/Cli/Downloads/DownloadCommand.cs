using System.CommandLine;
using Relay.Server.Cli.Versions;
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
        Argument<string> version = new("version") { Description = VersionArgument.Description };
        Argument<string> folder = new("folder") { Description = "The folder to write to, new or empty." };
        Option<string?> root = new("--root")
        {
            Description = "Your own copy of a root.json of the relay, such as the one that nodes pin: all signatures are verified from it on. " +
                "Default: the first root that the relay itself sends.",
            HelpName = "file",
        };
        Command command = new(
            "download",
            "Downloads a version into a folder: the model, its signature and the signed statements about it, its card, its bill of materials, its " +
                "golden vectors, and the certificates to verify it by. Writes nothing unless model, signature and statements verify.")
        {
            version, folder, root,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = parsed.GetValue(folder)!;
            using OutputFolder files = OutputFolder.Create(target);
            byte[]? pinned = parsed.GetValue(root) is { } path ? BoundedFile.Read(path, TrustBounds.RootBytes, "a root.json") : null;
            using HttpClient http = connection.CreateClient(parsed);
            using RelayApi relay = new(http);
            ModelVersion wanted = await VersionArgument.ResolveAsync(
                relay, parsed.GetValue(version)!, parsed.InvocationConfiguration.Error, cancellationToken);
            DownloadedVersion downloaded = await new VersionDownload(relay, http, wanted, TimeProvider.System).ReadAsync(pinned, cancellationToken);
            files.Write(downloaded.Files);
            foreach (string line in Lines(wanted, downloaded, target, isPinned: pinned is not null))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(ModelVersion version, DownloadedVersion downloaded, string folder, bool isPinned)
    {
        yield return DisplayText.Format($"Downloaded {downloaded.Files.Count} files of {version.Name} {version.Version} to {folder}.");
        yield return downloaded.IsPublished
            ? "Verified: the SHA-256 of the model, its signature and its statements, by the relay's signed metadata; the signature, by " +
                $"{DownloadedVersion.Anchors}."
            : $"Verified: the SHA-256 of the model, by its card; its signature, by {DownloadedVersion.Anchors}.";
        yield return $"Not verified: the card and {DownloadedVersion.Bom}, which are not signed. They are what the relay says.";
        if (downloaded.IsRevoked)
        {
            yield return DisplayText.Format($"WARNING: {version.Name} {version.Version} is revoked: no node may run it.");
        }

        if (!downloaded.IsPublished)
        {
            yield return "The version is not published: there are no statements about it yet, and its signature has no time stamp.";
        }

        yield return isPinned
            ? DisplayText.Format($"{DownloadedVersion.Anchors} is the one that your root.json leads to; SHA-256 {downloaded.AnchorsSha256}")
            : DisplayText.Format(
                $"{DownloadedVersion.Anchors} came from the relay itself. Compare its SHA-256 with what the relay's operators told you, or " +
                    $"download again with --root: {downloaded.AnchorsSha256}");
        yield return DisplayText.Format($"To verify it again without Relay, run in {folder}:");
        yield return $"  sha256sum -c {DownloadedVersion.Digests}";
        yield return "  openssl cms -verify -binary -inform DER -in model.onnx.p7s -content model.onnx -CAfile anchors.pem -out /dev/null";
    }
}
