using Microsoft.ML.Data;

namespace Relay.Training.Tests.Importing;

// Names of columns, as the converter takes them.
#pragma warning disable IDE1006
internal sealed class MlNetRow
{
    [VectorType(4)]
    public float[] All { get; set; } = [];

    public float packets { get; set; }

    public float flags { get; set; }

    public float share { get; set; }

    public float bytes { get; set; }

    public bool Label { get; set; }

    public string Kind { get; set; } = "";

    public float Rate { get; set; }

    public static MlNetRow[] Create()
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, 300).Select(_ =>
        {
            float[] v = [.. Enumerable.Range(0, 4).Select(_ => (random.NextSingle() * 4) - 2)];
            return new MlNetRow
            {
                All = v,
                packets = v[0],
                flags = v[1],
                share = v[2],
                bytes = v[3],
                Label = v[0] + v[1] > 0,
                Kind = v[0] > 0.7f ? "bad" : v[1] > 0.5f ? "odd" : "good",
                Rate = 5 + (v[0] * 2) + v[1],
            };
        })];
    }
}
#pragma warning restore IDE1006
