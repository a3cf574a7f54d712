using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Training.Data.Reading;
using Relay.Training.Reproducing;

namespace Relay.Training.Federated;

/// <summary>What a round document is written from.</summary>
/// <param name="Spec">The text of the spec file.</param>
public sealed record RoundPlan(ReadOnlyMemory<byte> Spec, string TestSha256, IReadOnlyList<RoundOwner> Owners, ShardAgreement Agreement)
{
    private const int IdBytes = 16;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>From 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Gates that may fail, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Accepted { get; init; } = new Dictionary<string, string>();

    public TimeSpan JoinTime { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan StepTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A new round document with a random id, for this version of the program.</summary>
    /// <exception cref="RoundException">The document would break a rule.</exception>
    public byte[] Write()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("format", RoundDocumentReader.Format);
            json.WriteString("id", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)));
            json.WriteNumber("version", Version);
            json.WriteString("program", TrainingRecorder.Producer);
            json.WriteString("testSha256", TestSha256);
            json.WriteStartArray("owners");
            foreach (RoundOwner owner in Owners)
            {
                json.WriteStartObject();
                json.WriteString("name", owner.Name);
                json.WriteString("publicKey", Convert.ToBase64String(owner.PublicKey));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("minimumRows", Agreement.MinimumRows);
            json.WriteNumber("joinSeconds", (long)JoinTime.TotalSeconds);
            json.WriteNumber("stepSeconds", (long)StepTime.TotalSeconds);
            json.WriteStartObject("accept");
            foreach ((string gate, string reason) in Accepted)
            {
                json.WriteString(gate, reason);
            }

            json.WriteEndObject();
            WriteTexts(json, "labels", Agreement.Labels);
            json.WriteStartObject("categories");
            foreach ((string column, IReadOnlyList<string> texts) in Agreement.Categories)
            {
                WriteTexts(json, column, texts);
            }

            json.WriteEndObject();
            json.WritePropertyName("spec");
            using JsonDocument spec = JsonDocument.Parse(Spec);
            spec.WriteTo(json);
            json.WriteEndObject();
        }

        byte[] file = [.. bytes.ToArray(), (byte)'\n'];
        _ = RoundDocument.Parse(file);
        return file;
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
