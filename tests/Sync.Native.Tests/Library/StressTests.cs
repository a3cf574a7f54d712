using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Relay.TestKit;
using Relay.TestKit.Models;

namespace Sync.Native.Tests.Library;

/// <summary>A C program whose eight threads call a model while its releases change (<c>stress.c</c>).</summary>
public sealed class StressTests
{
    private const int Versions = 12;

    [Fact]
    public async Task Predict_ReleasesChangeUnderEightThreads_AnswersAreThoseOfTheVersionTheyName()
    {
        await BuiltLibrary.RequireAsync();
        string program = await BuiltLibrary.CompileAsync(RepositoryRoot.Combine("tests", "Sync.Native.Tests", "Library", "stress.c"));
        await using NativeFixture fixture = await NativeFixture.StartAsync();
        TestModel[] models = [.. Enumerable.Range(1, Versions).Select(version => TestModel.Create(version: version))];
        string[] files = [.. models.Select(model => fixture.Combine($"{model.Description.Version}.onnx"))];
        Array.ForEach(models, model => File.WriteAllBytes(files[model.Description.Version - 1], model.Onnx));
        await fixture.PublishAsync(models[0]);

        ProcessStartInfo start = new(
            program,
            [$"{Versions}", .. files, "--", .. fixture.Options.SelectMany(option => (string[])[option.Name!, option.Value!])])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in BuiltLibrary.Environment)
        {
            start.Environment[name] = value;
        }

        using Process running = Process.Start(start)!;
        Task<string> errors = running.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("ready", await running.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        foreach (TestModel model in models[1..])
        {
            await fixture.PublishAsync(model);
        }

        string counts = await running.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(running.ExitCode == 0, await errors);
        TestContext.Current.TestOutputHelper?.WriteLine(counts);
        Assert.Equal((0, 0, 8, 14, 0), (Read("wrong"), Read("failed"), Read("refused"), Read("forked"), Read("allocated")));
        Assert.InRange(Read("versions"), 3, Versions);
        Assert.Equal(0, Read("late"));
        Assert.InRange(Read("logged"), 1, long.MaxValue);
        Assert.InRange(Read("calls"), 1000, long.MaxValue);

        long Read(string name) => long.Parse(
            Regex.Match(counts, $@"\b{name} (-?\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
