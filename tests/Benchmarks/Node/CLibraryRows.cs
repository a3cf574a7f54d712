using System.Globalization;
using System.Text;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.Training.Data.Features;
using Relay.Training.Models;

namespace Benchmarks.Node;

/// <summary>The C library of a node: the time of a row through its C function beside LightGBM's single-row fast call, and its size.</summary>
internal static class CLibraryRows
{
    private const int Features = 29;
    private const int Classes = 5;
    private const int Trees = 100;
    private const int Leaves = 31;
    private const int Thresholds = 254;

    private static string Source => Path.Combine(AppContext.BaseDirectory, "Node", "one_row.c");

    private static string Lightgbm => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "lib_lightgbm.so");

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();

        // A folder that build/native made before saves its time.
        string library = Environment.GetEnvironmentVariable("RELAY_NATIVE_FOLDER") ?? folder.Combine("native");
        if (!Directory.Exists(library))
        {
            await RunAsync(RepositoryRoot.Combine("build", "native"), [library], library);
        }

        string model = folder.Combine("model.onnx");
        await File.WriteAllBytesAsync(model, CreateModel().Onnx, cancellationToken);
        string program = folder.Combine("one_row");
        string[] flags = (await RunAsync("pkg-config", ["--cflags", "--libs", "relaysync"], library))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        await RunAsync("gcc", ["-std=c11", "-O2", Source, "-o", program, .. flags, "-ldl", "-pthread"], library);
        string times = await RunAsync(
            program, [model, Lightgbm, Invariant($"{Features}"), Invariant($"{Classes}"), Invariant($"{Trees}"), Invariant($"{Leaves}")], library);
        return
        [
            .. times.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Row(line.Split(' '))),
            new BenchRow(
                "node.aot.bytes", Sizes(library).Max(), null, "B", null,
                $"the largest of {Sizes(library).Length} shared objects, stripped: for any processor, for AVX2 and for AVX-512"),
        ];
    }

    private static BenchRow Row(string[] measured) => BenchRow.LowerIsBetter(
        measured[0] == "1" ? "node.c.one-row.ns" : $"node.c.one-row.{measured[0]}-threads.ns",
        double.Parse(measured[1], CultureInfo.InvariantCulture), double.Parse(measured[2], CultureInfo.InvariantCulture), "ns",
        $"relaysync_predict beside LGBM_BoosterPredictForMatSingleRowFast, {Trees} trees of {Leaves} leaves, {Features} numbers, {Classes} classes; "
            + $"time between answers with {measured[0]} thread(s), rotating rows");

    private static long[] Sizes(string library) =>
        [.. Directory.EnumerateFiles(library, "librelaysync.so.1", SearchOption.AllDirectories).Select(file => new FileInfo(file).Length)];

    private static TestModel CreateModel() => TestModel.Create(
        TreeModel.Classifier(
            RandomEnsemble.LeafWise(Features, Classes, Trees, Leaves, seed: 2, thresholds: Thresholds),
            [.. Enumerable.Range(0, Features).Select(f => new FeatureEncoding($"feature-{f}", null))],
            [.. Enumerable.Range(0, Classes).Select(c => $"class-{c}")]),
        "one-row", version: 1);

    private static async Task<string> RunAsync(string command, IEnumerable<string> arguments, string library)
    {
        CommandRun run = await CommandRun.TryAsync(command, arguments, folder: null, new Dictionary<string, string>
        {
            ["LD_LIBRARY_PATH"] = Path.Combine(library, "lib"),
            ["PKG_CONFIG_PATH"] = Path.Combine(library, "lib", "pkgconfig"),
        }) ?? throw new InvalidOperationException($"there is no command '{command}': ./bench node installs it");
        return run.ExitCode == 0 ? Encoding.UTF8.GetString(run.Output) : throw new InvalidOperationException($"{command}: {run.Errors}");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
