using System.Collections.Frozen;
using System.Security.Cryptography;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Platform.Files;
using Shared.Scoring.Compilation;
using Shared.Scoring.Explaining;
using Sync.Client;
using Sync.Client.Scoring;
using Sync.Client.Updates;
using Sync.Native.Interop;

namespace Sync.Native.Models;

/// <summary>Loads a file that the caller chose and no signature speaks for. It is inspected and tried out as a verified one is.</summary>
internal static class UnverifiedFile
{
    /// <param name="sha256">What the digest must be, in hexadecimal; null for any.</param>
    /// <exception cref="NativeCallException">The file was refused, or is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static NativeModel Load(string path, string? sha256)
    {
        byte[] file = Read(path);
        string digest = Convert.ToHexStringLower(SHA256.HashData(file));
        if (sha256 is not null && !string.Equals(sha256, digest, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(new Refusal(RefusalReason.ArtifactHashMismatch, path, $"the SHA-256 is {digest}, not {sha256}"));
        }

        Result<ArtifactDescription> inspected = ArtifactInspector.Inspect(file, path);
        if (!inspected.IsAccepted)
        {
            throw Refused(inspected.Refusal);
        }

        ArtifactDescription described = inspected.Value;
        ActiveModelVersion version = new(described.Name, described.Version, digest, described.Schema)
        {
            Offset = described.Offset,
            SchemaHash = described.SchemaHash,
        };
        Result<ModelScorer> loaded = new ScorerLoader(ScorerChoice.Managed, onnxRuntime: null, new RelaySyncBudgets())
            .Load(file, described, version, path, CancellationToken.None);
        if (!loaded.IsAccepted)
        {
            throw Refused(loaded.Refusal);
        }

        Unsupported? whyNot = ForestExplainer.Load(file, described.Schema, out ForestExplainer? explainer);
        loaded.Value.Explaining = (explainer, $"{whyNot}");
        ReleaseSlot slot = new();
        slot.Swap(new LoadedRelease(
            1, default, new Dictionary<string, ModelScorer>(StringComparer.Ordinal) { [described.Name] = loaded.Value }.ToFrozenDictionary()));
        return new NativeModel(described.Name, slot, isOfNode: false);
    }

    private static byte[] Read(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        if (file.Length > ArtifactInspector.MaxBytes)
        {
            throw new NativeCallException(
                NativeStatus.Refused, $"'{path}' has {file.Length} bytes: a model file has at most {ArtifactInspector.MaxBytes}");
        }

        byte[] bytes = new byte[file.Length];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        // Not bytes[..length], which the compiler makes for arrays of any type, by reflection.
        return length == bytes.Length ? bytes : bytes.AsSpan(0, length).ToArray();
    }

    private static NativeCallException Refused(Refusal refusal) => new(NativeStatus.Refused, RefusalText.Write(refusal));
}
