using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Relay.Server.Repository.Publishing;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;

namespace Benchmarks.Trust;

/// <summary>The address of this suite's server and what it serves.</summary>
/// <param name="TrustedRoot">The path of the root metadata that both sides start from.</param>
internal sealed record TrustServing(string Address, string TlsRoot, string TrustedRoot, IReadOnlyList<string> Models, IReadOnlyList<string> Paths);

/// <summary>A relay's repository with one release of four models over HTTPS, in a process of its own, so that its work counts for
/// neither side. Prints a <see cref="TrustServing"/>; then, for each line it reads, requests and body bytes since the line before.</summary>
internal static class TrustServer
{
    public const string Command = "trust-server";
    private const int Models = 4;
    private const int Trees = 100;

    public static async Task<int> RunAsync()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        List<SignedArtifact> artifacts = [];
        for (int i = 1; i <= Models; i++)
        {
            TestModel model = TestModel.Create($"model-{i}", numbers: 29, trees: Trees, depth: 6);
            artifacts.Add(new(model.Description.Name, 1, model.Onnx, repository.Signer.Sign(model.Onnx)));
        }

        await repository.Releases.PublishAsync(new([.. artifacts], "stable"), CancellationToken.None).AcceptedAsync();
        using MisbehavingRepository honest = new(repository);
        await using RepositoryServer server = await RepositoryServer.StartAsync(honest);
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.Combine("root.json"), repository.FirstRoot);

        (long requests, long bytes) = (0, 0);
        server.Instead = (http, _) =>
        {
            Interlocked.Increment(ref requests);
            http.Response.OnCompleted(() =>
            {
                Interlocked.Add(ref bytes, http.Response.StatusCode == StatusCodes.Status200OK ? http.Response.ContentLength ?? 0 : 0);
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };

        string[] names = [.. artifacts.Select(a => a.Model)];
        string[] paths =
        [
            "trust/policy.json", "trust/anchors.pem", "channels/stable.json", "releases/1.json",
            .. names.SelectMany(n => (string[])[$"models/{n}/1/model.onnx", $"models/{n}/1/model.onnx.p7s"]),
        ];
        Console.WriteLine(JsonSerializer.Serialize(
            new TrustServing(server.Address.ToString(), server.TlsRoot, folder.Combine("root.json"), names, paths), BenchJson.Default.TrustServing));
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine($"{Interlocked.Exchange(ref requests, 0)} {Interlocked.Exchange(ref bytes, 0)}");
        }

        return 0;
    }
}
