using System.Text.Json;
using Relay.TestKit;

namespace Relay.Server.Tests.Boms;

/// <summary><c>deploy/image/sbom</c>, which writes the SBOM of the image.</summary>
public sealed class ImageSbomTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Root => _folder.Combine("root");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sbom_OfThisBuild_HasEachPackageWithItsLicenseInTheSameBytes()
    {
        string bin = Path.GetDirectoryName(typeof(Relay.Server.Cli.RelayCommand).Assembly.Location)!;
        Write("app/Relay.Server.deps.json", await File.ReadAllTextAsync(Path.Combine(bin, "Relay.Server.deps.json"), Cancel));
        Write("app/Relay.Server.dll", "the program");
        Write("app/Shared.Contracts.dll", "a library of ours");
        Write("var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 2.36-9+deb12u13\nArchitecture: amd64\n");
        Write("usr/share/doc/libc6/copyright", "License: LGPL-2.1+\n...\nLicense: GPL-2\n...\nLicense: GPL-2\n");

        byte[] document = await RunAsync();

        JsonElement bom = CycloneDxRules.AssertValid(document);
        Dictionary<string, JsonElement> components = bom.GetProperty("components").EnumerateArray()
            .ToDictionary(component => component.GetProperty("name").GetString()!, StringComparer.Ordinal);
        Assert.Equal("Apache-2.0", components["Dapper"].GetProperty("licenses")[0].GetProperty("expression").GetString());
        Assert.StartsWith("pkg:nuget/Dapper@", components["Dapper"].GetProperty("purl").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("the program"u8)),
            components["Relay.Server"].GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("a library of ours"u8)),
            components["Relay.Shared.Contracts"].GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.DoesNotContain("Shared.Contracts", components.Keys);
        Assert.Equal("pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64", components["libc6"].GetProperty("purl").GetString());
        Assert.Equal(
            "GPL-2, LGPL-2.1+", components["libc6"].GetProperty("licenses")[0].GetProperty("license").GetProperty("name").GetString());
        Assert.Equal("2023-11-14T22:13:20Z", bom.GetProperty("metadata").GetProperty("timestamp").GetString());
        Assert.Equal(document, await RunAsync());
    }

    [Fact]
    public async Task Sbom_PackageWithoutAKnownLicense_IsRefused()
    {
        Write("app/Relay.Server.deps.json", """{"libraries":{"Unknown.Package/1.0.0":{"type":"package"}}}""");

        CommandRun run = await TryRunAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("the license of Unknown.Package 1.0.0 is not known", run.Errors, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<byte[]> RunAsync()
    {
        CommandRun run = await TryRunAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }

    private async Task<CommandRun> TryRunAsync()
    {
        Assert.SkipWhen(await CommandRun.TryAsync("jq", ["--version"]) is null, "jq is missing");
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return (await CommandRun.TryAsync(
            RepositoryRoot.Combine("deploy", "image", "sbom"), [Root, packages, "amd64", "0123abcd", "1700000000", "relay", "Relay.Server"]))!;
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
