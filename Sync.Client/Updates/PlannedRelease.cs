using Shared.Contracts.Tuf;

namespace Sync.Client.Updates;

/// <summary>The files of a release that this node needs, after the signed documents agreed on them.</summary>
internal sealed record PlannedRelease(int Number, IReadOnlyList<PlannedModel> Models);

/// <param name="File">The ONNX file as the metadata list it.</param>
/// <param name="Signature">Its detached CMS signature.</param>
internal sealed record PlannedModel(string Name, int Version, string Sha256, TargetFile File, TargetFile Signature);
