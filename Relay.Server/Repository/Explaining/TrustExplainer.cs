using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Onnx;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Explaining;

/// <summary>Checks a file as a node does, and records each step instead of stopping at the first that fails.</summary>
internal sealed class TrustExplainer(IStaticFileSource files, TimeProvider timeProvider)
{
    /// <param name="name">Of the file, for the explanation.</param>
    /// <param name="trustedRoot">The root to begin with; null takes the repository's own first one.</param>
    /// <exception cref="InvalidDataException">The repository itself does not verify.</exception>
    public async Task<Explanation> ExplainAsync(string name, byte[] file, byte[]? trustedRoot, CancellationToken cancellationToken)
    {
        RepositoryContents contents = await new RepositoryReader(files, timeProvider).ReadAsync(trustedRoot, heldTimestamp: null, cancellationToken);
        List<ExplanationStep> steps = [.. MetadataSteps.Describe(contents, trustedRoot is not null)];
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        string kind = RoleOf(contents, file) is { } role
            ? Metadata(role, steps)
            : contents.Targets.FirstOrDefault(t => t.Check(file) is null) is { } target
                ? await TargetAsync(contents, target, file, steps, cancellationToken)
                : Unlisted(contents, file, steps);
        return new(name, sha256, kind, steps.All(s => s.Holds), steps);
    }

    private static string? RoleOf(RepositoryContents contents, byte[] file)
    {
        if (contents.Timestamp.AsSpan().SequenceEqual(file))
        {
            return RoleNames.Timestamp;
        }

        (string path, _) = contents.Metadata.FirstOrDefault(m => m.Content.AsSpan().SequenceEqual(file));
        return path is null ? null : Path.GetFileNameWithoutExtension(path).Split('.')[^1];
    }

    private static string Metadata(string role, List<ExplanationStep> steps)
    {
        steps.Add(new(true, "file", $"it is the {role} metadata that holds"));
        return role;
    }

    private async Task<string> TargetAsync(
        RepositoryContents contents, TargetFile target, byte[] file, List<ExplanationStep> steps, CancellationToken cancellationToken)
    {
        steps.Add(new(true, "file", $"listed as '{target.Path}', {target.Length} bytes, by length and digest"));
        if (target.Path.Value.EndsWith(TargetPaths.SignatureSuffix, StringComparison.Ordinal))
        {
            string signed = target.Path.Value[..^TargetPaths.SignatureSuffix.Length];
            steps.Add(await contents.ReadListedAsync(files, signed, cancellationToken) is { } content
                ? await SignatureStepAsync(contents, signed, content, file, cancellationToken)
                : Unlisted(signed));
            return "signature";
        }

        if (!target.Path.Value.EndsWith("/model.onnx", StringComparison.Ordinal))
        {
            return "document";
        }

        string signaturePath = TargetPaths.SignatureOf(target.Path);
        steps.Add(await contents.ReadListedAsync(files, signaturePath, cancellationToken) is { } signature
            ? await SignatureStepAsync(contents, target.Path, file, signature, cancellationToken)
            : Unlisted(signaturePath));
        steps.Add(Inspect(file));
        await AddReleasesAsync(contents, target, FileHashes.Compute(file).Sha256!, steps, cancellationToken);
        return "model";
    }

    private async Task<ExplanationStep> SignatureStepAsync(
        RepositoryContents contents, string path, byte[] content, byte[] signature, CancellationToken cancellationToken)
    {
        byte[] pinned = await contents.RequireListedAsync(files, TargetPaths.Anchors, cancellationToken);
        X509Certificate2Collection anchors = TrustAnchors.Read(pinned).ValueOrThrow();
        byte[]? pinnedTimestamps = await contents.ReadListedAsync(files, TargetPaths.TimestampAnchors, cancellationToken);
        X509Certificate2Collection? timestampAnchors = pinnedTimestamps is null ? null : TrustAnchors.Read(pinnedTimestamps).ValueOrThrow();

        Refusal? refusal = CmsVerifier.Verify(
            content, signature, anchors, contents.Trusted.ReferenceTime, path, timestampAnchors: timestampAnchors);
        return refusal is null
            ? new(true, "CMS", $"its signature verifies and chains to {string.Join(", ", anchors.Select(a => $"{a.Subject} ({a.Thumbprint[..8]})"))}")
            : Refused("CMS", refusal);
    }

    private static ExplanationStep Inspect(byte[] file)
    {
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(file, "the file");
        return verdict.Value is { } model
            ? new(
                true, "ONNX",
                $"{model.Name} version {model.Version}, {model.Schema.Inputs.Count} inputs, {model.Schema.OutputWidth} " +
                    $"{model.Schema.NumericOutput}, {model.Golden.Rows} golden rows")
            : Refused("ONNX", verdict.Refusal!);
    }

    private async Task AddReleasesAsync(
        RepositoryContents contents, TargetFile model, string sha256, List<ExplanationStep> steps, CancellationToken cancellationToken)
    {
        List<ReleaseManifest> holding = [];
        foreach (TargetFile file in contents.Targets)
        {
            if (TargetPaths.ReleaseNumberOf(file.Path) is { } number
                && ReleaseManifest.Read(await RepositoryContents.ReadAsync(files, file, cancellationToken), number).ValueOrThrow() is var release
                && release.Models.Any(m => m.Sha256 == sha256))
            {
                holding.Add(release);
            }
        }

        steps.Add(new(holding.Count > 0, "release", holding.Count > 0
            ? $"part of release {string.Join(", ", holding.Select(r => r.Number).Order())}"
            : "part of no release: no node is told to run it"));
        TrustPolicy policy = TrustPolicy.Read(await contents.RequireListedAsync(files, TargetPaths.Policy, cancellationToken)).ValueOrThrow();
        steps.Add(policy.CheckArtifact(model.Path, sha256) is { } revoked
            ? Refused("policy", revoked)
            : new(true, "policy", $"not revoked; the lowest release allowed is {policy.MinimumRelease}"));
        foreach (TargetFile file in contents.Targets.Where(t => t.Path.Value.StartsWith("channels/", StringComparison.Ordinal)))
        {
            string name = Path.GetFileNameWithoutExtension(file.Path);
            ChannelManifest channel = ChannelManifest.Read(await RepositoryContents.ReadAsync(files, file, cancellationToken), name).ValueOrThrow();
            bool runs = holding.Any(r => r.Number == channel.Release);
            steps.Add(
                new(true, $"channel {name}", $"runs release " +
                    $"{channel.Release}{(runs ? ", and so this file" : ", which has another version or none")}"));
        }
    }

    private static string Unlisted(RepositoryContents contents, byte[] file, List<ExplanationStep> steps)
    {
        Result<ArtifactDescription> claims = ArtifactInspector.Inspect(file, "the file");
        if (claims.Value is not { } model)
        {
            steps.Add(new(false, "file", "nothing that is trusted lists it; a node refuses it as " + nameof(RefusalReason.UnlistedTarget)));
            return "unknown";
        }

        TargetFile? listed = contents.Targets.FirstOrDefault(t => t.Path == TargetPaths.Model(model.Name, model.Version));
        steps.Add(new(false, "file", listed is null
            ? $"it says that it is {model.Name} version {model.Version}, which no role lists: {nameof(RefusalReason.UnlistedTarget)}"
            : $"it says that it is {model.Name} version {model.Version}, of which another digest is listed ({listed.Hashes.Preferred[..12]}): " +
                $"{nameof(RefusalReason.ArtifactHashMismatch)}"));
        return "model";
    }

    private static ExplanationStep Unlisted(string path) =>
        new(false, "CMS", $"{RefusalReason.UnlistedTarget}: no role lists '{path}', which belongs to it, so that nothing can be verified");

    private static ExplanationStep Refused(string subject, Refusal refusal) => new(false, subject, $"{refusal.Reason}: {refusal.Detail}");
}
