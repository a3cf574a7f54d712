using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Which of the 29 features a version reads, in its order, and which class is benign.</summary>
internal sealed class FeatureMap
{
    private readonly int[] _sources;

    private FeatureMap(ActiveModelVersion version, int[] sources, int benign) => (Version, _sources, Benign) = (version, sources, benign);

    public ActiveModelVersion Version { get; }

    /// <summary>The index of the benign class.</summary>
    public int Benign { get; }

    public int Width => _sources.Length;

    public int Classes => Version.Schema.OutputWidth;

    /// <summary>The map, or why requests cannot be scored by this version.</summary>
    public static (FeatureMap? Map, string? Fault) Create(ActiveModelVersion version)
    {
        ModelSchema schema = version.Schema;
        List<string> names = [.. HttpFeatureSchema.Names];
        int[] sources = [.. schema.Inputs.Select(input => input.Type is ColumnType.Number ? names.IndexOf(input.Name) : -1)];
        int unknown = Array.IndexOf(sources, -1);
        int benign = schema.Benign is { } label ? schema.Classes.ToList().IndexOf(label) : -1;
        return unknown >= 0 ? (null, $"{version.Name} reads '{schema.Inputs[unknown].Name}', which is no feature of an HTTP request")
            : benign < 0 ? (null, $"{version.Name} has no benign class")
            : (new FeatureMap(version, sources, benign), null);
    }

    public void Fill(ReadOnlySpan<float> features, Span<float> row)
    {
        for (int i = 0; i < _sources.Length; i++)
        {
            row[i] = features[_sources[i]];
        }
    }
}
