using System.Diagnostics;
using System.Runtime.InteropServices;
using Benchmarks.Training;

namespace Benchmarks.Quality;

/// <summary>A library of Python: one process trains and asks it on all sets, which lie in a folder as raw files.</summary>
internal sealed class ScriptPeer(TrainingProcess process, string folder)
{
    private const string Script = "quality.py";

    /// <returns>Null where the module is missing.</returns>
    public static async Task<ScriptPeer?> FindAsync(string module, string folder, CancellationToken cancellationToken)
    {
        TrainingProcess? process = await TrainingProcess.PeerAsync(Script, module, cancellationToken);
        return process is null ? null : new ScriptPeer(process with { Arguments = [.. process.Arguments, module] }, folder);
    }

    /// <summary>Writes what the script reads.</summary>
    public static void Write(QualitySet set, string folder)
    {
        File.WriteAllText(Path.Combine(folder, set.Id + ".txt"), $"{set.Columns.Length} {set.Classes} {set.Folds}");
        File.WriteAllBytes(Path.Combine(folder, set.Id + ".i32"), MemoryMarshal.AsBytes<int>(set.Labels).ToArray());
        File.WriteAllBytes(Path.Combine(folder, set.Id + ".fold"), MemoryMarshal.AsBytes<int>(set.Fold).ToArray());
        using FileStream values = File.Create(Path.Combine(folder, set.Id + ".f32"));
        float[] row = new float[set.Columns.Length];
        for (int r = 0; r < set.Labels.Length; r++)
        {
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = set.Columns[c][r];
            }

            values.Write(MemoryMarshal.AsBytes<float>(row));
        }
    }

    /// <summary>Runs the script on a set.</summary>
    /// <returns>Per side of the script, row after row of the tested ones, a probability for each class.</returns>
    public async Task<IReadOnlyDictionary<string, float[]>> PredictAsync(QualitySet set, CancellationToken cancellationToken)
    {
        using Process running = Process.Start(
            new ProcessStartInfo(process.Program, [.. process.Arguments, folder, set.Id])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
        Task<string> errors = running.StandardError.ReadToEndAsync(cancellationToken);
        string output = await running.StandardOutput.ReadToEndAsync(cancellationToken);
        await running.WaitForExitAsync(cancellationToken);
        if (running.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Script} ended with {running.ExitCode} on {set.Id}: {await errors}");
        }

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            side => side, side => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, $"{set.Id}.{side}.p32"))).ToArray());
    }
}
