using System.Text;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Sync.Client.Storage;

/// <summary>The schema that a node took from a release for an app that does not state all of it.</summary>
/// <param name="Text">The schema's canonical JSON.</param>
/// <param name="Sha256">The hash of the text: a damaged entry counts as missing.</param>
/// <param name="Release">The release it was taken from.</param>
/// <param name="Statement">A digest of what the app stated when the schema was taken; empty for nothing.</param>
/// <param name="AcceptsNext">True until the next release with another schema, which an operator allowed.</param>
internal sealed record StoredSchema(string Model, string Text, string Sha256, int Release, string Statement, bool AcceptsNext)
{
    public static StoredSchema Create(string model, ModelSchema schema, int release, string statement) =>
        new(model, schema.ToJson(), schema.Hash(), release, statement, AcceptsNext: false);

    /// <summary>The schema, or null where the entry is damaged.</summary>
    public ModelSchema? Read() =>
        RelayName.IsValid(Model) && ModelSchema.ComputeHash(Text) == Sha256
        && StateJson.Read(Encoding.UTF8.GetBytes(Text), ArtifactJson.Default.ModelSchema) is { } schema && SchemaRules.FindError(schema) is null
            ? schema
            : null;
}
