using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Sync.Client;

namespace Sync.Native.Tests.Library;

/// <summary>The samples in C, Python and Go, compiled and run as nodes of a real relay: they answer as the .NET client does.</summary>
public sealed class NativeSampleTests : IAsyncLifetime
{
    private const string Rows = "95,10,tcp\n10,700,icmp\n,5,udp\n50,,\n1.5,2.5,never seen\n";

    private readonly TemporaryFolder _folder = new();
    private TestRelay _relay = null!;

    private static string SampleFolder(string language) => RepositoryRoot.Combine("samples", "native", language);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("RELAY_TEST_LONG") == "1")
        {
            _relay = await TestRelay.StartAsync();
            await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_relay?.DisposeAsync() ?? default);
        _folder.Dispose();
    }

    [Fact]
    public async Task C_OnARelay_AnswersAsTheNetClient()
    {
        await BuiltLibrary.RequireAsync();
        await AssertAnswersAsync(await BuiltLibrary.CompileAsync(Path.Combine(SampleFolder("c"), "score.c")), []);
    }

    [Fact]
    public async Task Python_OnARelay_AnswersAsTheNetClient()
    {
        await BuiltLibrary.RequireAsync();
        await AssertAnswersAsync("python3", [Path.Combine(SampleFolder("python"), "score.py")]);
    }

    [Fact]
    public async Task Go_OnARelay_AnswersAsTheNetClient()
    {
        await BuiltLibrary.RequireAsync();
        string program = _folder.Combine("node");
        await BuiltLibrary.RunAsync("go", ["vet", "./..."], SampleFolder("go"));
        await BuiltLibrary.RunAsync("go", ["build", "-o", program, "."], SampleFolder("go"));
        await AssertAnswersAsync(program, []);
    }

    [Fact]
    public async Task Guide_CodeInC_Compiles()
    {
        await BuiltLibrary.RequireAsync();
        string guide = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "guides", "native.md"), Cancel);
        string code = Regex.Match(guide, "```c\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        string source = _folder.Combine("guide.c");
        await File.WriteAllTextAsync(source, $"#include <relaysync.h>\n#include <stdio.h>\nint main(void) {{\n{code}return 0;\n}}\n", Cancel);

        await BuiltLibrary.CompileAsync(source);
    }

    private async Task AssertAnswersAsync(string program, string[] before)
    {
        string[] words =
        [
            program, .. before, _relay.Address.ToString(), _relay.TrustedRoot, _relay.CertificateAuthority, SmallModel.Name,
            "store", _folder.Combine("sample"), "try-out-latency-seconds", "5", "node", "sample",
        ];
        await File.WriteAllTextAsync(_folder.Combine("rows.csv"), Rows, Cancel);
        string answers = await BuiltLibrary.RunAsync(
            "sh", ["-c", "exec \"$@\" < \"$0\"", _folder.Combine("rows.csv"), .. words], _folder.FullPath);

        Assert.Equal(await ExpectAsync(), answers);
    }

    private async Task<string> ExpectAsync()
    {
        RelaySyncOptions options = new()
        {
            Relay = _relay.Address,
            TlsRoot = _relay.CertificateAuthority,
            TrustedRoot = _relay.TrustedRoot,
            StoreFolder = _folder.Combine("expected"),
            NodeId = "expected",
        };
        options.Models.Add(SmallModel.Name);
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        await using SyncClient client = new(options, TimeProvider.System, NullLogger<SyncClient>.Instance);
        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        StringBuilder expected = new();
        foreach (string[] fields in Rows.TrimEnd('\n').Split('\n').Select(row => row.Split(',')))
        {
            float[] numbers = [.. fields[..2].Select(f => f.Length == 0 ? float.NaN : float.Parse(f, CultureInfo.InvariantCulture))];
            Prediction answer = client.Model(SmallModel.Name).Predict(numbers, [fields[2]]);
            expected.Append(
                CultureInfo.InvariantCulture, $"{answer.Label} {answer.Probability:G9} version {answer.Version} {answer.Sha256}\n");
        }

        return expected.ToString();
    }
}
