using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Relay.Server.Cli.Downloads;
using Relay.Server.Cli.Versions;
using Relay.Server.Http.Access;
using Relay.Server.Oci;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Oci;

/// <summary><c>relay oci</c>: versions in container registries.</summary>
internal static class OciCommand
{
    private const int AnchorBytes = 1 << 20;

    public static Command Create() => new("oci", "Sends versions to an OCI registry as ModelPack artifacts with their evidence, and reads them back.")
    {
        CreatePush(), CreatePull(),
    };

    private static Command CreatePush()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        OciOptions oci = new();
        Argument<string> version = new("version") { Description = VersionArgument.Description };
        Option<string?> root = new("--root")
        {
            Description = "Your own copy of a root.json of the relay, to verify the version by before it is sent. Default: the relay's first one.",
            HelpName = "file",
        };
        Command command = new("push", "Sends a published version to a registry: the model as it is signed, and its evidence as referrers.")
        {
            version, oci.Reference, root,
        };
        oci.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            OciReference reference = oci.Read(parsed);
            OciCredentials credentials = oci.ReadCredentials(parsed);
            using HttpClient registry = oci.CreateClient(parsed, reference);
            byte[]? pinned = parsed.GetValue(root) is { } path ? BoundedFile.Read(path, TrustBounds.RootBytes, "a root.json") : null;
            using HttpClient http = connection.CreateClient(parsed);
            using RelayApi relay = new(http);
            ModelVersion wanted = await VersionArgument.ResolveAsync(
                relay, parsed.GetValue(version)!, parsed.InvocationConfiguration.Error, cancellationToken);
            DownloadedVersion downloaded = await new VersionDownload(relay, http, wanted, TimeProvider.System).ReadAsync(pinned, cancellationToken);
            Require(wanted, downloaded);
            ModelCard card = JsonSerializer.Deserialize(downloaded.Files["card.json"], ModelJson.Default.ModelCard)!;
            string digest = await Read(
                () => new OciArtifact(new(registry, reference, credentials), reference).PushAsync(card, downloaded.Files, cancellationToken));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format(
                $"Sent {wanted.Name} {wanted.Version} to {reference}\n  manifest {digest}\n  model    sha256:{card.Sha256}"));
            return 0;
        });
        return command;
    }

    private static Command CreatePull()
    {
        OciOptions oci = new();
        Argument<string> folder = new("folder") { Description = "The folder to write to, new or empty." };
        Option<string> anchors = new("--anchors")
        {
            Description = "The PEM file of the roots that model signatures chain to: anchors.pem of 'relay download', which did not come from the " +
                "registry.",
            HelpName = "file",
            Required = true,
        };
        Option<string?> timestampAnchors = new("--tsa-anchors")
        {
            Description = "The PEM file of the roots of time-stamp authorities: tsa-anchors.pem of 'relay download'. Default: none.",
            HelpName = "file",
        };
        Command command = new("pull", "Reads a version from a registry into a folder. Writes nothing unless the model and its evidence verify.")
        {
            oci.Reference, folder, anchors, timestampAnchors,
        };
        oci.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            OciReference reference = oci.Read(parsed);
            X509Certificate2Collection roots = ReadAnchors(parsed.GetValue(anchors)!);
            X509Certificate2Collection? timestampRoots = parsed.GetValue(timestampAnchors) is { } path ? ReadAnchors(path) : null;
            OciCredentials credentials = oci.ReadCredentials(parsed);
            using OutputFolder files = OutputFolder.Create(parsed.GetValue(folder)!);
            using HttpClient registry = oci.CreateClient(parsed, reference);
            PulledVersion pulled = await Read(() => new OciArtifact(new(registry, reference, credentials), reference)
                .PullAsync(roots, timestampRoots, TimeProvider.System.GetUtcNow(), cancellationToken));
            files.Write(pulled.Files);
            foreach (string line in Lines(pulled, reference, parsed.GetValue(folder)!))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(PulledVersion pulled, OciReference reference, string folder)
    {
        yield return DisplayText.Format(
            $"Read {pulled.Files.Count} files of {pulled.Version.Name} {pulled.Version.Version} from {reference} into {folder}.");
        yield return DisplayText.Format($"  manifest {pulled.Digest}");
        yield return "Verified by your certificates: the signature of the model, its model signature, provenance and test result.";
        yield return "Not verified: card.json and bom.cdx.json, which are not signed. Only the relay knows whether the version is revoked.";
    }

    private static void Require(ModelVersion version, DownloadedVersion downloaded)
    {
        if (!downloaded.IsPublished)
        {
            throw new CommandException(DisplayText.Format(
                $"{version.Name} {version.Version} is not published, so that there are no signed statements about it: publish it first."));
        }

        if (downloaded.IsRevoked)
        {
            throw new CommandException(DisplayText.Format($"{version.Name} {version.Version} is revoked: no one may run it, and it is not sent."));
        }
    }

    private static X509Certificate2Collection ReadAnchors(string path) =>
        TrustAnchors.Read(BoundedFile.Read(path, AnchorBytes, "certificates"), path).ValueOrThrow();

    private static async Task<T> Read<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            throw new CommandException(
                $"the TLS certificate of the registry is not trusted. Name its authority by --registry-ca. {e.InnerException?.Message ?? e.Message}");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"The registry sends no OCI document: {JsonErrorText.Describe(malformed)}", malformed);
        }
    }
}
