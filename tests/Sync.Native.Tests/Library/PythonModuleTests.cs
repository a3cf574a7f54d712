using System.Globalization;
using System.Text.Json;
using Relay.TestKit.Models;
using Shared.Contracts.Models;

namespace Sync.Native.Tests.Library;

/// <summary>What the Python module has beyond the sample: steering, scaling and the log.</summary>
public sealed class PythonModuleTests
{
    private const string Script = """
        import json, sys
        import relaysync

        seen = []
        relaysync.set_log(lambda level, node, message: seen.append((level, node, message)))
        options = {name.replace("-", "_"): value for name, value in json.loads(sys.argv[1]).items()}
        with relaysync.Node(**options) as node:
            modes = [node.refresh(60), node.status()["release"]]
            for change in (lambda: node.pin(1, 60), lambda: node.refresh(60), lambda: node.hold(60), lambda: node.follow(60)):
                modes += [change(), node.status()["steering"]["mode"], node.status()["release"]]
            try:
                node.pin(9)
            except relaysync.Error as refused:
                modes.append(refused.status)
        relaysync.set_log(None)
        before = len(seen)
        with relaysync.Node(**options) as node:
            node.hold(60)
        scaled = relaysync.load_unverified_file(sys.argv[2]).transform([1.0, 2.0, float("nan"), 4.0])
        print(json.dumps({
            "modes": modes, "late": len(seen) - before, "logged": [entry for entry in seen if "Steering" in entry[2]],
            "features": [repr(f) for f in scaled.features], "sha256": scaled.sha256}))
        """;

    [Fact]
    public async Task Module_SteersScalesAndLogs()
    {
        await BuiltLibrary.RequireAsync();
        await using NativeFixture fixture = await NativeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create(version: 1));
        await fixture.PublishAsync(TestModel.Create(version: 2));
        TestModel scaler = TestModel.ForTask(ModelTask.Scaling);
        await File.WriteAllBytesAsync(fixture.Combine("scaler.onnx"), scaler.Onnx, TestContext.Current.CancellationToken);

        string options = JsonSerializer.Serialize(fixture.Options.ToDictionary(option => option.Name!, option => option.Value));
        string output = await BuiltLibrary.RunAsync("python3", ["-c", Script, options, fixture.Combine("scaler.onnx")]);

        using JsonDocument read = JsonDocument.Parse(output);
        JsonElement root = read.RootElement;
        Assert.Equal(
            """[true, 2, true, "Pinned", 1, false, "Pinned", 1, false, "Held", 1, true, "Following", 2, 11]""",
            root.GetProperty("modes").GetRawText());
        Assert.Equal(0, root.GetProperty("late").GetInt32());
        Assert.Equal(
            """[["information", "native", "Steering is now: Pinned to release 1"], ["information", "native", "Steering is now: Held"], """
                + """["information", "native", "Steering is now: Following"]]""",
            root.GetProperty("logged").GetRawText());
        Assert.Equal(scaler.Sha256, root.GetProperty("sha256").GetString());

        // Offset and factor of input i are 1 + 0.1 i.
        string[] features = [.. root.GetProperty("features").EnumerateArray().Select(feature => feature.GetString()!)];
        Assert.Equal("nan", features[2]);
        Assert.All([0, 1, 3], i => Assert.Equal(
            (i + 1 - (1 + (0.1 * i))) * (1 + (0.1 * i)), double.Parse(features[i], CultureInfo.InvariantCulture), 1e-5));
    }
}
