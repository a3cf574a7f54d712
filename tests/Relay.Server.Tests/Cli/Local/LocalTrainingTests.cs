using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Server.Cli;
using Relay.Server.Cli.Local;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli.Local;

/// <summary><c>relay train --output</c>: without a relay.</summary>
public sealed class LocalTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly PublishedRelay _relay;

    public LocalTrainingTests(PublishedRelay relay)
    {
        _relay = relay;
        SmallModel.WriteFiles(_folder.FullPath);
        File.WriteAllText(Spec, JsonSerializer.Serialize(SmallModel.Spec(), ModelJson.Default.ModelSpec));
    }

    private string Spec => _folder.Combine("spec.json");

    private string Train => _folder.Combine(SmallModel.TrainFile);

    private string Test => _folder.Combine(SmallModel.TestFile);

    private string Output => _folder.Combine("model.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_WithOutput_WritesTheModelWithItsCardAndNothingElse()
    {
        RelayCommandRun run = await RunAsync("--test", Test);
        ModelCard card = await ReadCardAsync(Output);

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(Digest(Output), card.Sha256);
        Assert.Equal((1, SmallModel.TestFile), (card.Version, card.Test.Source));
        Assert.Contains("gates: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("not signed", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.FullPath, "*.tmp"));
    }

    [Fact]
    public async Task Train_WithOutput_GivesTheBytesThatARelaySigns()
    {
        await RunAsync("--test", Test);

        VersionDetail? signed = await _relay.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}/versions/1", RelayApiJson.Default.VersionDetail, TestContext.Current.CancellationToken);
        Assert.Equal(signed!.Card.Sha256, Digest(Output));
    }

    [Fact]
    public async Task Train_GateThatFails_EndsWith1AndLeavesTheEarlierFilesAlone()
    {
        File.WriteAllText(Output, "earlier");

        // All held-out rows stand in the training rows.
        RelayCommandRun run = await RunAsync("--test", Train);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("shared-rows FAILED", run.Output, StringComparison.Ordinal);
        Assert.Contains("GateFailed", run.Error, StringComparison.Ordinal);
        Assert.Equal("earlier", File.ReadAllText(Output));
        Assert.False(File.Exists(new ModelFiles(Output).Card));
    }

    [Fact]
    public async Task Train_GateThatIsAccepted_IsInTheCardWithItsReason()
    {
        RelayCommandRun run = await RunAsync("--test", Train, "--accept", "shared-rows", "--reason", "a trial");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal("a trial", (await ReadCardAsync(Output)).Gates!.Single(g => g.Name == "shared-rows").Accepted);
    }

    [Fact]
    public async Task Train_Json_IsOneLineWithTheCardAndTheTextIsOnTheErrorOutput()
    {
        RelayCommandRun run = await RunAsync("--test", Test, "--json");

        using JsonDocument result = JsonDocument.Parse(run.Output);
        Assert.Equal(run.Output.IndexOf('\n', StringComparison.Ordinal), run.Output.Length - 1);
        Assert.True(result.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(Digest(Output), result.RootElement.GetProperty("card").GetProperty("sha256").GetString());
        Assert.Contains("gates: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_JsonOfAGateThatFails_HasTheFaultAndTheGates()
    {
        RelayCommandRun run = await RunAsync("--test", Train, "--json");

        using JsonDocument result = JsonDocument.Parse(run.Output);
        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Equal((false, "GateFailed"), (result.RootElement.GetProperty("ok").GetBoolean(), result.RootElement.GetProperty("fault").GetString()));
        Assert.Contains(
            result.RootElement.GetProperty("gates").EnumerateArray(),
            g => g.GetProperty("name").GetString() == "shared-rows" && g.GetProperty("verdict").GetString() == "fail");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Train_Incumbent_IsComparedOnTheSameRowsWithAndWithoutItsCard(bool hasCard)
    {
        await RunAsync("--test", Test);
        if (!hasCard)
        {
            File.Delete(new ModelFiles(Output).Card);
        }

        string next = _folder.Combine("next.onnx");
        RelayCommandRun run =
            await RelayCommandRun.RunAsync("train", Spec, "--train", Train, "--test", Test, "--output", next, "--incumbent", Output);
        ModelCard card = await ReadCardAsync(next);

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(2, card.Version);
        Assert.Equal(GateVerdict.Pass, card.Gates!.Single(g => g.Name == "incumbent-macro-f1").Verdict);
    }

    [Fact]
    public async Task Train_IncumbentWithTheCardOfAnotherFile_IsRefused()
    {
        await RunAsync("--test", Test);
        File.WriteAllText(_folder.Combine("other.card.json"), File.ReadAllText(new ModelFiles(Output).Card));
        await RunAsync("--accept", "class-recall", "--reason", "fewer rows");
        File.Copy(Output, _folder.Combine("other.onnx"));

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "train", Spec, "--train", Train, "--output", _folder.Combine("next.onnx"), "--incumbent", _folder.Combine("other.onnx"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("other.card.json is the card of another file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--detach", "--detach")]
    [InlineData("--relay", "--relay", "https://localhost:1")]
    [InlineData("--key", "--key", "k")]
    [InlineData("--ca", "--ca", "ca.pem")]
    [InlineData("--seed", "--seed", "3")]
    [InlineData("--train", "--simulate", "5000")]
    [InlineData("several training files", "--train", "b.csv")]
    [InlineData("no such file", "--incumbent", "nowhere.onnx")]
    [InlineData("is no model", "--incumbent", SmallModel.TrainFile)]
    [InlineData("set twice", "--accept", "class-recall", "--accept", "class-recall", "--reason", "x")]
    public async Task Train_ArgumentThatARunHereDoesNotRead_IsRefusedByName(string named, params string[] arguments)
    {
        RelayCommandRun run = await RunAsync([.. arguments.Select(a => a == SmallModel.TrainFile ? Train : a)]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Theory]
    [InlineData("--output", "--checkpoint", "c")]
    [InlineData("--output", "--incumbent", "x.onnx")]
    [InlineData("--output", "--json")]
    [InlineData("leave it out", "--mpi", "localhost:1", "--output", "x.onnx", "--json")]
    [InlineData("leave it out", "--mpi", "localhost:1", "--output", "x.onnx", "--incumbent", "y.onnx")]
    [InlineData("leave out one", "--mpi", "localhost:1", "--output", "x.onnx", "--detach")]
    [InlineData("--output", "--mpi", "localhost:1")]
    public async Task Train_OptionThatIsNotReadElsewhere_IsRefusedByName(string named, params string[] arguments)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(["train", Spec, "--train", Train, .. arguments]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spec.json")]
    [InlineData(SmallModel.TrainFile)]
    [InlineData("nowhere/model.onnx")]
    [InlineData("")]
    public async Task Train_OutputThatCannotBeOrThatTheRunReads_IsRefusedBeforeTheRun(string output)
    {
        string spec = File.ReadAllText(Spec);
        string rows = File.ReadAllText(Train);

        RelayCommandRun run = await RelayCommandRun.RunAsync("train", Spec, "--train", Train, "--output", _folder.Combine(output));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("--output", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("read", run.Output, StringComparison.Ordinal);
        Assert.Equal((spec, rows), (File.ReadAllText(Spec), File.ReadAllText(Train)));
    }

    [Fact]
    public async Task Train_Cancelled_EndsWithinASecondAndWritesNothing()
    {
        File.WriteAllText(Spec, JsonSerializer.Serialize(SmallModel.SlowSpec(), ModelJson.Default.ModelSpec));
        using CancellationTokenSource ctrlC = new();
        using FitWriter output = new();

        Task<int> run = CommandLine.RunAsync(
            RelayCommand.Create(), ["train", Spec, "--train", _folder.Combine(SmallModel.LargeFile), "--output", Output], output,
            TextWriter.Null, ctrlC.Token);
        await output.Fits.WaitAsync(TestContext.Current.CancellationToken);
        long cancelled = Stopwatch.GetTimestamp();
        await ctrlC.CancelAsync();

        Assert.Equal(CommandLine.Cancelled, await run);
        Assert.True(Stopwatch.GetElapsedTime(cancelled) < TimeSpan.FromSeconds(1));
        Assert.Empty(Directory.GetFiles(_folder.FullPath, "model*"));
    }

    [Fact]
    public async Task Train_InterruptedWithACheckpoint_GoesOnToTheBytesOfAnUninterruptedRun()
    {
        ModelSpec spec = SmallModel.Spec() with
        {
            Algorithm = ModelAlgorithm.GradientBoosting,
            Parameters = new ModelParameters { Trees = 60, Depth = 4 },
        };
        File.WriteAllText(Spec, JsonSerializer.Serialize(spec, ModelJson.Default.ModelSpec));
        string[] accept = ["--test", Test, "--accept", "class-recall", "--reason", "a trial"];
        await RunAsync(accept);
        string whole = Digest(Output);
        File.Delete(Output);
        string checkpoint = _folder.Combine("state");
        using CancellationTokenSource ctrlC = new();
        using FitWriter output = new() { OnFit = ctrlC.Cancel };

        int interrupted = await CommandLine.RunAsync(
            RelayCommand.Create(), ["train", Spec, "--train", Train, "--output", Output, "--checkpoint", checkpoint, .. accept],
            output, TextWriter.Null,
            ctrlC.Token);
        bool isSaved = File.Exists(checkpoint);
        RelayCommandRun run = await RunAsync(["--checkpoint", checkpoint, .. accept]);

        Assert.Equal((CommandLine.Cancelled, true, 0), (interrupted, isSaved, run.Code));
        Assert.Equal(whole, Digest(Output));
        Assert.False(File.Exists(checkpoint));
    }

    [Fact]
    public async Task Train_Simulated_NeedsNoFiles()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "train", RepositoryRoot.Combine("deploy", "models", "threat-classifier.json"), "--simulate", "5000", "--output", Output);
        RelayCommandRun wrong = await RelayCommandRun.RunAsync("train", Spec, "--simulate", "5000", "--output", _folder.Combine("no.onnx"));

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("simulator", (await ReadCardAsync(Output)).Train.Source, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failed, wrong.Code);
        Assert.Contains("--simulate", wrong.Error, StringComparison.Ordinal);
    }

    private static async Task<ModelCard> ReadCardAsync(string model) =>
        await ModelFiles.ReadCardAsync(new ModelFiles(model).Card, TestContext.Current.CancellationToken);

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private Task<RelayCommandRun> RunAsync(params string[] arguments) =>
        RelayCommandRun.RunAsync(["train", Spec, "--train", Train, "--output", Output, .. arguments]);

    /// <summary>Knows when the run grows trees.</summary>
    private sealed class FitWriter : StringWriter
    {
        private readonly TaskCompletionSource _fits = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Fits => _fits.Task;

        public Action OnFit { get; init; } = () => { };

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains("fit", StringComparison.Ordinal) == true)
            {
                _fits.TrySetResult();
                OnFit();
            }
        }
    }
}
