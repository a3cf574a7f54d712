namespace Sync.Client.Scoring;

/// <summary>One row and the numeric output of the active version for it.</summary>
internal sealed record ShadowCall(float[] Numbers, string[] Categories, float[] Outputs);
