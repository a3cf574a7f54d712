using System.Runtime.InteropServices;
using System.Text;
using Relay.TestKit;
using Shared.Contracts.Models;
using Sync.Client;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>A node built for .NET 8, one on the runtime of .NET 8 and one compiled ahead of time answer as this process does, to the bit.</summary>
[Collection(PackageFeed.Collection)]
public sealed class FrameworkTests(PackageFeed feed)
{
    private const int Rows = 500;

    /// <summary>Stated in docs/adr/0054-packages.md.</summary>
    private const long MaxNativeBytes = 20_000_000;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net8.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            <RollForward>LatestMajor</RollForward>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="Relay.Sync.Client" Version="VERSION" /></ItemGroup>
        </Project>
        """;

    // Prints its runtime, and the bits of each answer, by spans and by a row that generated code reads.
    private const string Program = """
        using Microsoft.Extensions.Logging.Abstractions;
        using Sync.Client;

        RelaySyncOptions options = new()
        {
            Relay = new(args[0]), TlsRoot = args[1], TrustedRoot = args[2], StoreFolder = args[3], NodeId = "packaged",
        };
        options.AddModel<Row>(args[4]);
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        options.Explanations = true;
        await using SyncClient node = new(options, TimeProvider.System, NullLogger<SyncClient>.Instance);
        RefreshResult result = await node.RefreshAsync();
        if (result.Refusal is { } refusal)
        {
            Console.Error.WriteLine($"{refusal.Reason} of {refusal.Subject}: {refusal.Detail}");
            return 1;
        }

        IRelayModel model = node.Models.Single();
        IRelayModel<Row> typed = node.Model<Row>();
        Console.WriteLine(Environment.Version.Major);
        for (int row = 0; row < int.Parse(args[5]); row++)
        {
            float[] numbers = [row % 13 == 0 ? float.NaN : row * 7919 % 1000 / 37f, row * 104729 % 5000 / 11f];
            string[] categories = [row % 3 == 0 ? "tcp" : row % 3 == 1 ? "udp" : "icmp"];
            float[] ofSpans = model.PredictProbabilities(numbers, categories);
            float[] ofRow = new float[ofSpans.Length];
            typed.Predict(new(row % 13 == 0 ? null : numbers[0], numbers[1], (Protocol)(row % 3)), ofRow);
            Console.WriteLine(string.Join(' ',
            [
                .. ofSpans.Concat(ofRow).Select(p => $"{BitConverter.SingleToUInt32Bits(p):x8}"),
                .. model.Explain(numbers, categories).Contributions.Select(c => $"{BitConverter.DoubleToUInt64Bits(c.Contribution):x16}"),
            ]));
        }

        return 0;

        public enum Protocol { [System.Runtime.Serialization.EnumMember(Value = "tcp")] Tcp, udp, icmp }

        [RelayRow]
        public sealed partial record Row(double? Rate, [property: RelayInput("size")] float Bytes, Protocol Protocol);
        """;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NodeForNet8_OnThisRuntime_AnswersAsThisProcess()
    {
        string published = await feed.PublishAsync("forNet8", Project, Program, "-p:UseAppHost=false");

        await AssertSameBitsAsync($"{Environment.Version.Major}", "dotnet", Path.Combine(published, "App.dll"));
    }

    [Fact]
    public async Task NodeForNet8_OnTheRuntimeOfNet8_AnswersAsThisProcess()
    {
        Assert.SkipUnless(IsLong, "the runtime of .NET 8 is downloaded; that runs under ./test --long");
        string published = await feed.PublishAsync("onNet8", Project, Program, "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained");

        await AssertSameBitsAsync("8", Path.Combine(published, "App"));
    }

    [Fact]
    public async Task Node_CompiledAheadOfTime_WarnsOfNothingAndAnswersAsThisProcess()
    {
        Assert.SkipUnless(IsLong, "the compiler of NativeAOT is downloaded; that runs under ./test --long");
        string published = await feed.PublishAsync(
            "aot", Project.Replace("net8.0", "net10.0", StringComparison.Ordinal), Program,
            "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true", "-p:IlcInstructionSet=native");

        await AssertSameBitsAsync("10", Path.Combine(published, "App"));
        long bytes = new FileInfo(Path.Combine(published, "App")).Length;
        Assert.True(bytes <= MaxNativeBytes, $"{bytes}");
    }

    private static async Task AssertSameBitsAsync(string runtime, string command, params string[] arguments)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelSpec spec = SmallModel.Spec(trees: 40) with { Algorithm = ModelAlgorithm.GradientBoosting };
        await relay.PublishAsync("stable", await relay.TrainAsync(spec, SmallModel.Data, Cancel));
        using TemporaryFolder folder = new();
        string[] node = [$"{relay.Address}", relay.CertificateAuthority, relay.TrustedRoot, folder.Combine("store"), SmallModel.Name, $"{Rows}"];

        CommandRun run = (await CommandRun.TryAsync(command, [.. arguments, .. node]))!;

        Assert.True(run.ExitCode == 0, PackageFeed.Text(run));
        string[] lines = Encoding.UTF8.GetString(run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(runtime, lines[0]);
        Assert.Equal(await ComputeExpectedAsync(relay), lines[1..]);
    }

    private static async Task<IReadOnlyList<string>> ComputeExpectedAsync(TestRelay relay)
    {
        using NodeOfARelay opened = new(relay, SmallModel.Name);
        await using SyncClient node = opened.Open(o => o.Explanations = true);
        Assert.Null((await node.RefreshAsync(Cancel)).Refusal);
        IRelayModel model = node.Models.Single();
        return [.. Enumerable.Range(0, Rows).Select(row => Answer(model, row))];
    }

    private static string Answer(IRelayModel model, int row)
    {
        float[] numbers = [row % 13 == 0 ? float.NaN : row * 7919 % 1000 / 37f, row * 104729 % 5000 / 11f];
        string[] categories = [row % 3 == 0 ? "tcp" : row % 3 == 1 ? "udp" : "icmp"];
        float[] probabilities = model.PredictProbabilities(numbers, categories);
        return string.Join(' ',
        [
            .. probabilities.Concat(probabilities).Select(p => $"{BitConverter.SingleToUInt32Bits(p):x8}"),
            .. model.Explain(numbers, categories).Contributions.Select(c => $"{BitConverter.DoubleToUInt64Bits(c.Contribution):x16}"),
        ]);
    }
}
