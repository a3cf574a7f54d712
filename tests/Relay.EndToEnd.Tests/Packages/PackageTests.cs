using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Http;
using Shared.Contracts.Models;
using Sync.Client;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>The packages, as an app that has nothing else of this checkout uses them.</summary>
[Collection(PackageFeed.Collection)]
public sealed partial class PackageTests(PackageFeed feed)
{
    /// <summary>Bytes that <c>Relay.Sync.Client</c> and the packages of ours that it brings may have together: docs/adr/0054-packages.md.</summary>
    private const long MaxBytes = 2_500_000;

    // Compiles where the generator of the package runs.
    private const string GeneratedRow = """

        [Sync.Client.RelayRow]
        public sealed partial record Row(float Rate)
        {
            public static void Add(Sync.Client.RelaySyncOptions options) => AddGenerated<Row>(options);

            private static void AddGenerated<TRow>(Sync.Client.RelaySyncOptions options) where TRow : Sync.Client.IRelayRow<TRow> =>
                options.AddModel<TRow>("rows");
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task App_OfThePackagesReadme_AnswersAsTheModelOfTheRelay()
    {
        await using TestRelay relay = await StartRelayAsync();
        string program = CodeOf("Sync.Client").Replace("https://relay:60002", $"{relay.Address}", StringComparison.Ordinal);

        string published = await feed.PublishAsync("web", PackageFeed.WebProject("Relay.Sync.Client"), program);

        Assert.True(Directory.Exists(Path.Combine(feed.Unpacked, "relay.sync.client")));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories),
            file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) || Path.GetExtension(file) is ".so" or ".dylib");
        File.Copy(relay.TrustedRoot, Path.Combine(published, "root.json"));
        File.Copy(relay.CertificateAuthority, Path.Combine(published, "ca.pem"));
        await File.WriteAllTextAsync(Path.Combine(published, "enroll-token"), await relay.CreateEnrollmentTokenAsync(), Cancel);
        float[] row = [.. Enumerable.Range(0, HttpFeatureSchema.Names.Count(name => !HttpFeatureSchema.IsReserved(name))).Select(i => (float)i)];
        Assert.Equal(await ExpectedAsync(relay, row), await RunningApp.FirstAnswerAsync<Prediction>(published, "App.dll", "/score", row));
    }

    /// <summary>The library of the app's own system, at the place where it is loaded from.</summary>
    [Fact]
    public async Task App_OfTheOnnxRuntimeReadme_CompilesAndHasTheLibrary()
    {
        string published = await feed.PublishAsync(
            "onnx", PackageFeed.WebProject("Relay.Sync.Client.OnnxRuntime"), CodeOf("Sync.Client.OnnxRuntime") + GeneratedRow,
            "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained");

        Assert.Single(Directory.EnumerateFiles(published), file => Path.GetFileNameWithoutExtension(file) is "libonnxruntime" or "onnxruntime");
    }

    [Fact]
    public async Task App_OfTheAspNetCoreReadme_Compiles()
    {
        string published = await feed.PublishAsync(
            "scoring", PackageFeed.WebProject("Relay.Sync.Client.AspNetCore"), CodeOf("Sync.Client.AspNetCore") + GeneratedRow);

        Assert.True(File.Exists(Path.Combine(published, "Sync.Client.AspNetCore.dll")));
    }

    [Fact]
    public void Packages_BytesOfANodesOwn_StayWithinWhatIsStated()
    {
        long bytes = feed.Bytes
            .Where(package => package.Key is not ("Relay.Sync.Client.OnnxRuntime" or "Relay.Sync.Client.AspNetCore")).Sum(package => package.Value);

        Assert.True(bytes <= MaxBytes, $"{bytes}: {string.Join(", ", feed.Bytes)}");
        Assert.Contains(
            $"{MaxBytes:N0} bytes", File.ReadAllText(RepositoryRoot.Combine("docs", "adr", "0054-packages.md")), StringComparison.Ordinal);
    }

    private static async Task<TestRelay> StartRelayAsync()
    {
        TestRelay relay = await TestRelay.StartAsync();
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "models", "threat-classifier.json")));
        spec = spec with { Parameters = new ModelParameters { Trees = 3, Depth = 6, Seed = 1 } };
        await relay.PublishAsync("stable", await relay.TrainAsync(spec, new() { Simulator = new SimulatorSource(1, 5000) }, Cancel));
        return relay;
    }

    private static async Task<Prediction> ExpectedAsync(TestRelay relay, float[] row)
    {
        using NodeOfARelay node = new(relay, "threat-classifier");
        await using SyncClient client = node.Open();
        Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
        return client.Models.Single().Predict(row);
    }

    private static string CodeOf(string package) =>
        CodeBlock().Match(File.ReadAllText(RepositoryRoot.Combine(package, "README.md"))).Groups[1].Value;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
