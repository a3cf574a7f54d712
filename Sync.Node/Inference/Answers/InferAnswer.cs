using System.Buffers;
using Shared.Contracts.Models;
using Sync.Client;

namespace Sync.Node.Inference.Answers;

/// <summary>The answers of one version to the rows of one request, in memory of the pool.</summary>
internal sealed class InferAnswer : IDisposable
{
    private readonly float[] _numbers;
    private readonly string[] _labels;

    public InferAnswer(ActiveModelVersion version, int release, int rows)
    {
        (Version, Release, Rows) = (version, release, rows);
        _numbers = ArrayPool<float>.Shared.Rent(checked(rows * version.Schema.OutputWidth));
        _labels = version.Schema.HasLabels ? ArrayPool<string>.Shared.Rent(rows) : [];
    }

    /// <summary>The version that answered.</summary>
    public ActiveModelVersion Version { get; }

    /// <summary>The release that it was active in.</summary>
    public int Release { get; }

    public int Rows { get; }

    /// <summary>The outputs that the request asks for, in its order.</summary>
    public IReadOnlyList<RequestedOutput> Outputs { get; set; } = [];

    /// <summary>Columns of the numeric output.</summary>
    public int Width => Version.Schema.OutputWidth;

    /// <summary>The numeric output, row after row.</summary>
    public Span<float> Numbers => _numbers.AsSpan(0, Rows * Width);

    /// <summary>A label for each row; empty for a task without labels.</summary>
    public Span<string> Labels => _labels.AsSpan(0, Version.Schema.HasLabels ? Rows : 0);

    /// <summary>The parameters of every answer: release, digest and scorer.</summary>
    public IEnumerable<KeyValuePair<string, string>> TextParameters =>
        [new("sha256", Version.Sha256), new("scorer", ScorerName(Version))];

    public static string ScorerName(ActiveModelVersion version) => version.Scorer is ScorerKind.Managed ? "managed" : "onnxruntime";

    public static bool IsLabel(RequestedOutput output) => output.Name == ModelSchema.LabelOutput;

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_numbers);
        if (_labels.Length > 0)
        {
            ArrayPool<string>.Shared.Return(_labels, clearArray: true);
        }
    }
}
