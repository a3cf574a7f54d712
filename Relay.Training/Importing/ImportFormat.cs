using System.Buffers.Binary;
using Relay.Training.Importing.Artifacts;

namespace Relay.Training.Importing;

/// <summary>The forms of models that can be imported.</summary>
public enum ImportFormat
{
    /// <summary>An ONNX file, whatever wrote it.</summary>
    Onnx,

    /// <summary>An ONNX file that a relay, or a run without one, has made: its graph stays as it is.</summary>
    Artifact,

    /// <summary>XGBoost's <c>model.json</c>.</summary>
    XgboostJson,

    /// <summary>LightGBM's <c>model.txt</c>.</summary>
    LightgbmText,
}

/// <summary>Names of the formats, and what tells one from the other: the content of a file, not its name.</summary>
public static class ImportFormats
{
    /// <summary>The name in cards, provenance and messages.</summary>
    public static string NameOf(ImportFormat format) => format switch
    {
        ImportFormat.Onnx => "onnx",
        ImportFormat.Artifact => "relay",
        ImportFormat.XgboostJson => "xgboost-json",
        ImportFormat.LightgbmText => "lightgbm-text",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>Says what a file is by its first bytes.</summary>
    /// <exception cref="TrainingException">With InvalidModelFile: a format that is not imported; the
    /// message says how to write one that is.</exception>
    public static ImportFormat Detect(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> start = file.TrimStart(" \t\r\n"u8);
        if (start.StartsWith("tree\n"u8) || start.StartsWith("tree\r\n"u8))
        {
            return ImportFormat.LightgbmText;
        }

        if (start.StartsWith("{L"u8) || start.StartsWith("{l"u8) || start.StartsWith("binf"u8))
        {
            throw Refuse("a binary file of XGBoost; write it again by save_model to a name that ends in .json");
        }

        if (start.StartsWith("{"u8))
        {
            return ImportFormat.XgboostJson;
        }

        if (start.StartsWith("CBM1"u8))
        {
            throw Refuse("a binary file of CatBoost; write it again by save_model with format=\"onnx\"");
        }

        // A pickle begins with its protocol (0x80, 2 to 5), a ZIP file with PK.
        if (file is [0x80, >= 2 and <= 5, ..] || start.StartsWith("PK"u8))
        {
            throw Refuse("a pickle or an archive, which can run code when it is read; export the model as ONNX");
        }

        // The first field of every ONNX file that tools write is ir_version: field 1, a varint.
        return file is [0x08, _, ..]
            ? ArtifactReader.IsArtifact(file) ? ImportFormat.Artifact : ImportFormat.Onnx
            : throw Refuse(
                $"it begins with " +
                    $"{(file.Length < sizeof(uint) ? "less than 4 bytes" : BinaryPrimitives.ReadUInt32BigEndian(file).ToString("x8", null))}; "
                + "expected ONNX, XGBoost's model.json or LightGBM's model.txt");
    }

    private static TrainingException Refuse(string what) => new(TrainingFault.InvalidModelFile, $"model file: {what}");
}
