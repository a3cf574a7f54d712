using Google.Protobuf;

namespace Shared.Contracts.Onnx;

/// <summary>Reads an ONNX file before ONNX Runtime does and refuses what must not get there: files that reach outside
/// themselves or run foreign code, and trees that ONNX Runtime would loop on, overrun or answer NaN from. Signatures are
/// checked before; a signature says who made a file, not that it is sound.</summary>
public static class ArtifactInspector
{
    /// <summary>The longest file that is looked at, in bytes. Protobuf itself ends at 2 GB.</summary>
    public const int MaxBytes = 512 * 1024 * 1024;

    /// <param name="artifact">The whole file.</param>
    /// <param name="subject">What a refusal names, such as the file's path.</param>
    /// <returns>The description, or a refusal: OnnxMalformed, OnnxForbidden or SchemaMismatch.</returns>
    public static Result<ArtifactDescription> Inspect(ReadOnlySpan<byte> artifact, string subject)
    {
        if (artifact.Length > MaxBytes)
        {
            return new Refusal(RefusalReason.OnnxMalformed, subject, $"{artifact.Length} bytes, at most {MaxBytes}");
        }

        ModelProto model;
        try
        {
            // The parser bounds its recursion, and lengths inside the file never exceed what is left of it.
            model = ModelProto.Parser.ParseFrom(artifact);
        }
        // Fail closed: Google.Protobuf reads beyond its buffer on some lengths that lie, and throws IndexOutOfRangeException then.
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            return new Refusal(RefusalReason.OnnxMalformed, subject, e.Message);
        }

        return Inspect(model, subject);
    }

    /// <summary>The same for a file that is parsed already.</summary>
    public static Result<ArtifactDescription> Inspect(ModelProto model, string subject)
    {
        if (ForbiddenContent.Find(model) is { } forbidden)
        {
            return new Refusal(RefusalReason.OnnxForbidden, subject, forbidden);
        }

        if ((GraphTopology.FindError(model) ?? TreeEnsembleChecks.FindError(model.Graph)) is { } error)
        {
            return new Refusal(RefusalReason.OnnxMalformed, subject, error);
        }

        return ArtifactMetadata.Read(model, out ArtifactDescription? description) is { } mismatch
            ? new Refusal(RefusalReason.SchemaMismatch, subject, mismatch)
            : description!;
    }
}
