using Google.Protobuf;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Shared.Contracts.Tests.Onnx;

public sealed class ArtifactInspectorTests
{
    [Fact]
    public void Inspect_SoundArtifact_IsDescribed()
    {
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(TinyModel.Make().ToByteArray(), "models/tiny/3/model.onnx");

        Assert.True(verdict.IsAccepted, verdict.Refusal?.Detail);
        Assert.Equal(("tiny", 3, "00ff"), (verdict.Value.Name, verdict.Value.Version, verdict.Value.DataDigest));
        Assert.Equal(TinyModel.Schema.Hash(), verdict.Value.SchemaHash);
        Assert.Equal(TinyModel.Schema.ToJson(), verdict.Value.Schema.ToJson());
        Assert.Equal(["normal", "dos"], verdict.Value.Golden.Labels);
        Assert.Equal(1, verdict.Value.Metrics?.Rows);
    }

    [Fact]
    public void Inspect_ModelFromElsewhere_NeedsNoMetrics()
    {
        ModelProto model = TinyModel.Make();
        TinyModel.Remove(model, ModelMetadataKeys.Metrics);
        TinyModel.Remove(model, ModelMetadataKeys.DataDigest);

        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(model.ToByteArray(), "x");

        Assert.True(verdict.IsAccepted);
        Assert.Null(verdict.Value.Metrics);
        Assert.Null(verdict.Value.DataDigest);
    }

    [Fact]
    public void Inspect_NoBytes_Malformed() => Assert.Equal(RefusalReason.OnnxMalformed, ArtifactInspector.Inspect([], "x").Refusal?.Reason);

    [Fact]
    public void Inspect_Refusal_NamesTheSubject() => Assert.Equal("the file", ArtifactInspector.Inspect([1], "the file").Refusal?.Subject);

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void Inspect_DeepNesting_Malformed()
    {
        // Attribute in node in graph in attribute, thousands of times: each level is a field of the one around it.
        byte[] nested = [];
        for (int level = 0; level < 3000; level++)
        {
            nested = Wrap(1, Wrap(5, Wrap(6, nested)));
        }

        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(Wrap(7, nested), "x");

        Assert.Equal(RefusalReason.OnnxMalformed, verdict.Refusal?.Reason);

        static byte[] Wrap(int field, byte[] content)
        {
            using MemoryStream stream = new();
            using CodedOutputStream output = new(stream);
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
            output.Flush();
            return stream.ToArray();
        }
    }

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void Inspect_CutAnywhere_NeverAcceptedNeverThrows()
    {
        byte[] whole = TinyModel.Make().ToByteArray();
        for (int length = 0; length < whole.Length; length++)
        {
            // A cut can fall between two optional entries at the end; what is left then lacks nothing.
            Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(whole.AsSpan(0, length), "x");
            Assert.True(!verdict.IsAccepted || verdict.Value.Metrics is null, $"cut at {length}");
        }
    }

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void Inspect_RandomBytesChanged_NeverThrows()
    {
        byte[] whole = TinyModel.Make().ToByteArray();
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] spoiled = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }

            refused += ArtifactInspector.Inspect(spoiled, "x").IsAccepted ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 5000);
    }
}
