using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Server.Cli;
using Relay.Server.Cli.Local;
using Relay.TestKit;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli.Local;

/// <summary><c>relay reproduce</c> and <c>relay import</c> of what <c>relay train --output</c> wrote.</summary>
public sealed class ReproduceCommandTests : IDisposable
{
    private static readonly string[] Accept = ["--accept", "class-recall", "--reason", "few rows"];

    private readonly PublishedRelay _relay;
    private readonly TemporaryFolder _folder = new();

    public ReproduceCommandTests(PublishedRelay relay)
    {
        _relay = relay;
        SmallModel.WriteFiles(_folder.FullPath);
    }

    private string Train => _folder.Combine(SmallModel.TrainFile);

    private string Test => _folder.Combine(SmallModel.TestFile);

    private string Model => _folder.Combine("model.onnx");

    private string Card => _folder.Combine("model.card.json");

    private string[] OfRelay =>
        ["--relay", _relay.Relay.Address.ToString(), "--ca", _relay.Relay.CertificateAuthority, "--key", _relay.Relay.AdminKey];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("random-forest", true)]
    [InlineData("random-forest", false)]
    [InlineData("gradient-boosting", true)]
    [InlineData("gradient-boosting", false)]
    public async Task Reproduce_SpecAndDataOfTheCard_GivesTheBytes(string algorithm, bool hasTest)
    {
        string[] test = hasTest ? ["--test", Test] : [];
        await TrainAsync(SpecOf(algorithm), test);

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            ["reproduce", "--card", Card, "--train", Train, .. test, "--output", _folder.Combine("again.onnx")]);

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains("EQUAL: small version 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("figures of its gates are those of the card", run.Output, StringComparison.Ordinal);
        Assert.Equal(Digest(Model), Digest(_folder.Combine("again.onnx")));
    }

    [Fact]
    public async Task Reproduce_VersionOfARelay_GivesTheBytesThatItSigned()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(["reproduce", "small", "1", "--train", Train, "--test", Test, .. OfRelay]);

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains("EQUAL: small version 1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_SimulatedRows_NeedNoFile()
    {
        string spec = RepositoryRoot.Combine("deploy", "models", "threat-classifier.json");
        RelayCommandRun trained = await RelayCommandRun.RunAsync("train", spec, "--simulate", "5000", "--output", Model);

        RelayCommandRun run = await RelayCommandRun.RunAsync("reproduce", "--card", Card);
        RelayCommandRun withFile = await RelayCommandRun.RunAsync("reproduce", "--card", Card, "--train", Train);

        Assert.True(trained.Code == 0, trained.Error);
        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal(CommandLine.Failed, withFile.Code);
    }

    [Theory]
    [InlineData(SmallModel.LargeFile, SmallModel.TestFile, "large-train.csv is not the training file")]
    [InlineData(SmallModel.TrainFile, SmallModel.LargeFile, "large-train.csv is not the held-out file")]
    [InlineData(SmallModel.TrainFile, null, "expected the training file (small-train.csv) and the held-out file (small-test.csv)")]
    [InlineData("nowhere.csv", SmallModel.TestFile, "nowhere.csv: there is no such file")]
    public async Task Reproduce_OtherData_IsRefusedBeforeItTrains(string train, string? test, string expected)
    {
        await TrainAsync(SpecOf("random-forest"), "--test", Test);

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            ["reproduce", "--card", Card, "--train", _folder.Combine(train),
                .. test is null ? Array.Empty<string>() : ["--test", _folder.Combine(test)]]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fit", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("producer", "trained by relay 9.9.9")]
    [InlineData("training", "does not say how it was trained")]
    public async Task Reproduce_CardOfAnotherProgram_IsRefused(string changed, string expected)
    {
        await TrainAsync(SpecOf("random-forest"), "--test", Test);
        ChangeCard(card =>
        {
            if (changed == "producer")
            {
                card["training"]!["producer"] = "9.9.9";
            }
            else
            {
                card.Remove("training");
            }
        });

        RelayCommandRun run = await RelayCommandRun.RunAsync("reproduce", "--card", Card, "--train", Train, "--test", Test);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_ModelOfAnotherSeed_NamesTheFirstDifference()
    {
        await TrainAsync(SpecOf("random-forest"), "--test", Test);
        ChangeCard(card => card["spec"]!["parameters"]!["seed"] = 8);

        RelayCommandRun run = await RelayCommandRun.RunAsync("reproduce", "--card", Card, "--train", Train, "--test", Test);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("DIFFERENT", run.Output, StringComparison.Ordinal);
        Assert.Matches("First difference: node [0-9]+ 'probabilities' .TreeEnsembleRegressor., attribute [0-9]+ '", run.Output);
    }

    [Fact]
    public async Task Reproduce_ModelThatWasChanged_IsNotThatOfItsCard()
    {
        await TrainAsync(SpecOf("random-forest"), "--test", Test);
        await TrainAsync(SpecOf("gradient-boosting"), "--test", Test, "--output", _folder.Combine("other.onnx"));
        File.Copy(_folder.Combine("other.onnx"), Model, overwrite: true);

        RelayCommandRun run = await RelayCommandRun.RunAsync("reproduce", "--card", Card, "--train", Train, "--test", Test);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("the card of another file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--key", "--card", "c.json", "--key", "k")]
    [InlineData("name a model", "small", "--card", "c.json")]
    [InlineData("name a model", "small")]
    [InlineData("name a model")]
    [InlineData("no such file", "--card", "nowhere.card.json")]
    public async Task Reproduce_ArgumentsThatDoNotFit_AreRefused(string expected, params string[] arguments)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(["reproduce", .. arguments]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("taken-along", CategoryEncoding.Frequency)]
    [InlineData("taken-along-too", CategoryEncoding.Target)]
    public async Task Import_ModelWithItsCard_BecomesAVersionWithoutASpec(string name, CategoryEncoding encoding)
    {
        ModelSpec spec = SpecOf("gradient-boosting") with { Name = name };
        spec = spec with { Columns = [.. spec.Columns.Select(c => c.Type is ColumnType.Category ? c with { Encoding = encoding } : c)] };
        await TrainAsync(spec, "--test", Test);

        RelayCommandRun run = await RelayCommandRun.RunAsync(["import", Model, "--test", SmallModel.TestFile, .. Accept, .. OfRelay]);
        RelayCommandRun again = await RelayCommandRun.RunAsync(["reproduce", name, "1", "--train", Train, "--test", Test, .. OfRelay]);

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains($"{name} version 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("(relay)", run.Output, StringComparison.Ordinal);
        Assert.Contains("gates: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failed, again.Code);
        Assert.Contains("imported from model.onnx", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_IsolationForestWithItsCard_IsTaken()
    {
        ModelSpec spec = SpecOf("isolation-forest") with
        {
            Name = "odd-rows",
            Task = ModelTask.AnomalyDetection,
            Parameters = new ModelParameters { Seed = 7 },
        };
        await TrainAsync(spec, "--test", Test);

        RelayCommandRun run = await RelayCommandRun.RunAsync(["import", Model, "--test", SmallModel.TestFile, .. OfRelay]);

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains("odd-rows version 1", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Import_WithoutACardOrWithThatOfAnotherFile_SaysSo(bool hasOther)
    {
        await TrainAsync(SpecOf("random-forest"), "--test", Test);
        if (hasOther)
        {
            ChangeCard(card => card["sha256"] = new string('0', 64));
        }
        else
        {
            File.Delete(Card);
        }

        RelayCommandRun run = await RelayCommandRun.RunAsync(["import", Model, "--test", SmallModel.TestFile, .. OfRelay]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("set --model", run.Error, StringComparison.Ordinal);
    }

    private static ModelSpec SpecOf(string algorithm) => SmallModel.Spec(trees: 20) with
    {
        Algorithm = algorithm switch
        {
            "random-forest" => ModelAlgorithm.RandomForest,
            "isolation-forest" => ModelAlgorithm.IsolationForest,
            _ => ModelAlgorithm.GradientBoosting,
        },
    };

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private async Task TrainAsync(ModelSpec spec, params string[] arguments)
    {
        string path = _folder.Combine("spec.json");
        File.WriteAllText(path, JsonSerializer.Serialize(spec, ModelJson.Default.ModelSpec));
        string[] output = arguments.Contains("--output") ? [] : ["--output", Model];
        RelayCommandRun run = await RelayCommandRun.RunAsync(["train", path, "--train", Train, .. output, .. arguments, .. Accept]);
        Assert.True(run.Code == 0, run.Output + run.Error);
    }

    private void ChangeCard(Action<JsonObject> change)
    {
        JsonObject card = JsonNode.Parse(File.ReadAllText(Card))!.AsObject();
        change(card);
        File.WriteAllText(Card, card.ToJsonString());
    }
}
