using Google.Protobuf;
using Relay.TestKit.Fuzz;
using Relay.TestKit.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Tests.Onnx;

namespace Shared.Contracts.Tests.Fuzz;

/// <summary>Altered model files before ONNX Runtime sees them.</summary>
[Collection(FuzzTests.Name)]
public sealed class OnnxFuzzTests
{
    private static readonly RefusalReason[] Reasons =
        [RefusalReason.OnnxMalformed, RefusalReason.OnnxForbidden, RefusalReason.SchemaMismatch];

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    [Trait("Attack", "external-data")]
    public void Inspect_AlteredFile_IsRefusedByTypeOrDescribed()
    {
        byte[][] valid =
        [
            TinyModel.Make().ToByteArray(), TestModel.Create(trees: 2, depth: 2).Onnx,
            TestModel.Create(numbers: 1, categories: 2, trees: 1, depth: 2).Onnx,
        ];

        FuzzRun.ForAll(4000, ProtobufMutator.Apply, valid, (_, file) =>
        {
            Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(file, "x");
            if (!verdict.IsAccepted)
            {
                Assert.Contains(verdict.Refusal.Reason, Reasons);
                return;
            }

            // What was read is what stands there: written again, it reads the same.
            Result<ArtifactDescription> again = ArtifactInspector.Inspect(ModelProto.Parser.ParseFrom(file).ToByteArray(), "x");
            Assert.Equal(verdict.Value.SchemaHash, again.Value?.SchemaHash);
        });
    }
}
