using System.Diagnostics;
using System.Runtime.InteropServices;
using Relay.Training.Engines.Common;

namespace Relay.Training.Tests.Engines;

/// <summary>scikit-learn as a referee: the same rows, and what it says of them. Tests skip where it is not installed.</summary>
internal static class ScikitLearn
{
    private const string Python = "/usr/bin/python3";
    private const string Prelude =
        """
        import sys, numpy
        folder, columns = sys.argv[1], int(sys.argv[2])
        read = lambda name: numpy.fromfile(folder + "/" + name, numpy.float32)
        train, test = (read(name).reshape(-1, columns) for name in ("train", "test"))
        targets, weights = read("targets"), read("weights")

        """;

    private static readonly Lazy<bool> IsInstalled = new(() => File.Exists(Python) && Execute("-c", "import sklearn") is null);

    /// <param name="script">Reads train, test, targets and weights, and leaves float numbers in <c>result</c>.</param>
    /// <param name="train">Its targets and weights where it has them; labels stand in for targets it lacks.</param>
    public static float[] Run(string script, TrainingSet train, float[][] test)
    {
        Assert.SkipUnless(IsInstalled.Value, "python3-sklearn is not installed");
        string folder = Directory.CreateTempSubdirectory("relay-sklearn-").FullName;
        try
        {
            Write(folder, "train", RowMajor(train.Columns));
            Write(folder, "test", RowMajor(test));
            Write(folder, "targets", train.Targets ?? [.. train.Labels.Select(l => (float)l)]);
            Write(folder, "weights", train.SampleWeights ?? [.. Enumerable.Repeat(1f, train.RowCount)]);
            string program = Prelude + script + "\nnumpy.asarray(result, numpy.float32).tofile(folder + \"/result\")\n";
            if (Execute("-c", program, folder, $"{train.Columns.Length}") is { } errors)
            {
                throw new InvalidOperationException(errors);
            }

            return [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "result")))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, string name, float[] values) =>
        File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes<float>(values));

    private static float[] RowMajor(float[][] columns)
    {
        float[] rows = new float[columns.Length * columns[0].Length];
        for (int row = 0; row < columns[0].Length; row++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                rows[(row * columns.Length) + c] = columns[c][row];
            }
        }

        return rows;
    }

    /// <returns>Null, or what it said when it failed.</returns>
    private static string? Execute(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : errors;
    }
}
