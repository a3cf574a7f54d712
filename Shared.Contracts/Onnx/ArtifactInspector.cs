using Google.Protobuf;
using Shared.Contracts.Onnx.Trees;

namespace Shared.Contracts.Onnx;

/// <summary>Inspects an ONNX file before ONNX Runtime loads it. It refuses files that refer to other files or run custom code, and
/// trees that would make ONNX Runtime loop, read out of bounds or return NaN. A signature proves the origin of a file, not that
/// the file is well-formed, so both are checked.</summary>
public static class ArtifactInspector
{
    /// <summary>Maximum length of a file, in bytes. Protobuf itself ends at 2 GB.</summary>
    public const int MaxBytes = 512 * 1024 * 1024;

    /// <param name="artifact">The whole file.</param>
    /// <param name="subject">The subject of a refusal, such as the file's path.</param>
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
        // Fail closed: on some wrong lengths Google.Protobuf reads beyond its buffer and throws IndexOutOfRangeException.
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            return new Refusal(RefusalReason.OnnxMalformed, subject, e.Message);
        }

        return Inspect(model, subject);
    }

    /// <summary>Inspects a file that is already parsed.</summary>
    public static Result<ArtifactDescription> Inspect(ModelProto model, string subject)
    {
        if (ForbiddenContent.Find(model) is { } forbidden)
        {
            return new Refusal(RefusalReason.OnnxForbidden, subject, forbidden);
        }

        if ((GraphTopology.FindError(model) ?? TreeEnsembleReader.FindError(model.Graph)) is { } error)
        {
            return new Refusal(RefusalReason.OnnxMalformed, subject, error);
        }

        return ArtifactMetadata.Read(model, out ArtifactDescription? description) is { } mismatch
            ? new Refusal(RefusalReason.SchemaMismatch, subject, mismatch)
            : description!;
    }
}
