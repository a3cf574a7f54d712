using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Rest;

/// <summary>Writes an answer of the protocol: JSON, and after it the outputs that are binary.</summary>
internal static class RestAnswerWriter
{
    private const string Infinite = "an output has an infinite number, which JSON cannot hold: ask for binary_data, or send finite numbers";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="binary">Receives the outputs that are binary.</param>
    public static void Write(InferAnswer answer, string? id, IBufferWriter<byte> json, PooledBuffer binary)
    {
        using Utf8JsonWriter writer = new(json, Options);
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, answer.Version.Name);
        WriteVersion(writer, answer.Version.Version);
        if (id is not null)
        {
            writer.WriteString("id"u8, id);
        }

        writer.WriteStartObject("parameters"u8);
        writer.WriteNumber("release"u8, answer.Release);
        writer.WriteString("sha256"u8, answer.Version.Sha256);
        writer.WriteString("scorer"u8, InferAnswer.ScorerName(answer.Version));
        writer.WriteEndObject();
        writer.WriteStartArray("outputs"u8);
        foreach (RequestedOutput output in answer.Outputs)
        {
            WriteOutput(writer, answer, output, binary);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, InferAnswer answer, RequestedOutput output, PooledBuffer binary)
    {
        bool isLabel = InferAnswer.IsLabel(output);
        writer.WriteStartObject();
        writer.WriteString("name"u8, output.Name);
        writer.WriteString("datatype"u8, isLabel ? "BYTES"u8 : "FP32"u8);
        writer.WriteStartArray("shape"u8);
        writer.WriteNumberValue(answer.Rows);
        if (!isLabel)
        {
            writer.WriteNumberValue(answer.Width);
        }

        writer.WriteEndArray();
        if (output.IsBinary)
        {
            int before = binary.Length;
            if (isLabel)
            {
                RawTensorWriter.Write(binary, answer.Labels);
            }
            else
            {
                RawTensorWriter.Write(binary, answer.Numbers);
            }

            writer.WriteStartObject("parameters"u8);
            writer.WriteNumber("binary_data_size"u8, binary.Length - before);
            writer.WriteEndObject();
        }
        else
        {
            WriteData(writer, answer, isLabel);
        }

        writer.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter writer, InferAnswer answer, bool isLabel)
    {
        writer.WriteStartArray("data"u8);
        foreach (string label in isLabel ? answer.Labels : [])
        {
            writer.WriteStringValue(label);
        }

        foreach (float number in isLabel ? [] : answer.Numbers)
        {
            if (float.IsNaN(number))
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteNumberValue(float.IsInfinity(number) ? throw Malformed.Create(Infinite) : number);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteVersion(Utf8JsonWriter writer, int version)
    {
        Span<byte> digits = stackalloc byte[16];
        version.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        writer.WriteString("model_version"u8, digits[..length]);
    }
}
