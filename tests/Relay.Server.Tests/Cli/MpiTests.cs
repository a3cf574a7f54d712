using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli;

namespace Relay.Server.Tests.Cli;

/// <summary><c>relay train --mpi</c> in processes of its own; skipped where Open MPI is not installed.</summary>
public sealed class MpiTests : IDisposable
{
    private const string Spec = """
        {
          "name": "traffic", "task": "classification", "algorithm": "gradient-boosting",
          "columns": [ { "name": "bytes", "type": "number" }, { "name": "protocol", "type": "category" }, { "name": "verdict", "type": "label" } ],
          "parameters": { "trees": 5 }
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("relay-mpi-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Train_OneTwoAndFourRanks_SameBytes()
    {
        await RequireMpiAsync();
        string rows = WriteRows("rows.csv", badCell: false);
        List<string> digests = [];
        foreach (int ranks in new[] { 1, 2, 4 })
        {
            string target = Path.Combine(folder, $"{ranks}.onnx");

            (int code, string said) = await TrainAsync(rows, target, $"localhost:{ranks}");

            Assert.True(code == 0, said);
            digests.Add(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken))));
        }

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public async Task Train_OneRankMeetsABadCell_AllEndAndTheLineIsNamed()
    {
        await RequireMpiAsync();
        string target = Path.Combine(folder, "none.onnx");

        (int code, string said) = await TrainAsync(WriteRows("bad.csv", badCell: true), target, "localhost:2");

        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("bad.csv:5", said, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }

    private async Task<(int Code, string Said)> TrainAsync(string rows, string target, string hosts)
    {
        string spec = Path.Combine(folder, "spec.json");
        await File.WriteAllTextAsync(spec, Spec, TestContext.Current.CancellationToken);
        return await RunAsync(
            "dotnet", typeof(CommandLine).Assembly.Location, "train", spec, "--train", rows, "--mpi", hosts, "--output", target);
    }

    private string WriteRows(string name, bool badCell)
    {
        Random random = new(5);
        StringBuilder csv = new("bytes,protocol,verdict\n");
        for (int row = 0; row < 1000; row++)
        {
            string cell = badCell && row == 3 ? "many" : $"{random.Next(900)}";
            csv.Append(cell).Append(',').Append(random.Next(2) == 0 ? "tcp" : "udp").Append(',')
                .Append(random.Next(3) == 0 ? "flood" : "fine").Append('\n');
        }

        string path = Path.Combine(folder, name);
        File.WriteAllText(path, csv.ToString());
        return path;
    }

    private static async Task RequireMpiAsync()
    {
        try
        {
            await RunAsync("mpirun", "--version");
        }
        catch (Win32Exception)
        {
            Assert.Skip("openmpi-bin is not installed.");
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
