using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Relay.Server.Cli;
using Shared.Contracts.Onnx;

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

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-mpi-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Train_OneTwoAndFourRanks_SameBytes()
    {
        await RequireMpiAsync();
        string rows = WriteRows("rows.csv", badCell: false);
        List<string> digests = [];
        foreach (int ranks in new[] { 1, 2, 4 })
        {
            string target = Path.Combine(_folder, $"{ranks}.onnx");

            (int code, string output) = await TrainAsync(Spec, target, "--train", rows, "--mpi", $"localhost:{ranks}");

            Assert.True(code == 0, output);
            digests.Add(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken))));
        }

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public async Task Train_ForestOnAFileForEachRank_OneModelWithoutTheOthersFile()
    {
        await RequireMpiAsync();
        string rows = WriteRows("all.csv", badCell: false);
        string[] lines = await File.ReadAllLinesAsync(rows, TestContext.Current.CancellationToken);
        string[] parts = [Path.Combine(_folder, "part-0.csv"), Path.Combine(_folder, "part-1.csv")];
        await File.WriteAllLinesAsync(parts[0], lines[..300], TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(parts[1], [lines[0], .. lines[300..]], TestContext.Current.CancellationToken);
        string spec = Spec.Replace("gradient-boosting", "random-forest", StringComparison.Ordinal);

        (int oneCode, string oneOutput) = await TrainAsync(spec, "whole.onnx", "--train", rows, "--test", rows, "--mpi", "localhost:1");
        (int code, string output) = await TrainAsync(
            spec, "parts.onnx", "--train", parts[0], "--train", parts[1], "--test", rows, "--mpi", "localhost:2");

        Assert.True(oneCode == 0, oneOutput);
        Assert.True(code == 0, output);
        Assert.Equal(GraphOf("whole.onnx"), GraphOf("parts.onnx"));
    }

    [Fact]
    public async Task Train_OtherNumberOfFilesThanRanks_Fails()
    {
        await RequireMpiAsync();
        string rows = WriteRows("all.csv", badCell: false);

        (int code, _) = await TrainAsync(Spec, "none.onnx", "--train", rows, "--train", rows, "--test", rows, "--mpi", "localhost:1");

        Assert.Equal(CommandLine.Failed, code);
        Assert.False(File.Exists(Path.Combine(_folder, "none.onnx")));
    }

    [Fact]
    public async Task Train_InvalidCellInOneRank_AllRanksEndAndTheLineIsNamed()
    {
        await RequireMpiAsync();
        string target = Path.Combine(_folder, "none.onnx");

        (int code, string output) = await TrainAsync(Spec, target, "--train", WriteRows("bad.csv", badCell: true), "--mpi", "localhost:2");

        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("bad.csv:5", output, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }

    private async Task<(int Code, string Output)> TrainAsync(string spec, string target, params string[] options)
    {
        string path = Path.Combine(_folder, "spec.json");
        await File.WriteAllTextAsync(path, spec, TestContext.Current.CancellationToken);

        // Rows drawn at random contradict each other, and say little of a class.
        string[] accept = ["--accept", "conflicting-labels", "--accept", "shared-rows", "--accept", "class-recall", "--reason", "drawn rows"];
        return await RunAsync(
            "dotnet", [typeof(CommandLine).Assembly.Location, "train", path, .. options, .. accept, "--output", Path.Combine(_folder, target)]);
    }

    // All but what says where the model came from.
    private ByteString GraphOf(string target) =>
        ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(_folder, target))).Graph.ToByteString();

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

        string path = Path.Combine(_folder, name);
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

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // A rank that waits yields its core: the machine may have fewer cores than the run has ranks.
        start.Environment["OMPI_MCA_mpi_yield_when_idle"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
