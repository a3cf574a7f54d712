using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace TufConformance;

/// <summary>
/// Drives the node's own refresh, store and transport. Only the address differs from a node's: the suite serves plain HTTP, which
/// <see cref="RelaySyncOptions"/> would not let pass.
/// </summary>
internal static class ConformanceClient
{
    /// <summary>Lays the trusted root down; null when that is done.</summary>
    public static string? Initialize(ClientArguments arguments)
    {
        Directory.CreateDirectory(arguments.MetadataFolder);
        File.Copy(arguments.TrustedRoot!, InstalledRoot(arguments), overwrite: true);
        PublicMetadata.WriteRoot(arguments.MetadataFolder, File.ReadAllBytes(arguments.TrustedRoot!));
        return null;
    }

    /// <summary>Refreshes, and downloads what is named; null when all of it was done.</summary>
    public static async Task<string?> RunAsync(ClientArguments arguments)
    {
        try
        {
            using NodeStore store = NodeStore.Open(StoreFolder(arguments));
            RootChain roots = new(InstalledRoot(arguments), store, TimeProvider.System);
            Refusal? refusal = await RunAsync(arguments, store, roots);
            store.Flush();
            PublicMetadata.Show(Path.Combine(StoreFolder(arguments), "metadata"), roots.ReadNewest().ValueOrThrow(), arguments.MetadataFolder);
            return refusal is null ? null : $"{refusal.Reason} of {refusal.Subject}: {refusal.Detail}";
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static async Task<Refusal?> RunAsync(ClientArguments arguments, NodeStore store, RootChain roots)
    {
        RelaySyncBudgets budgets = new() { Retries = 0 };
        using RelayHttp http = new(arguments.Metadata!, tlsRoot: null, budgets, TimeProvider.System);
        HttpRepository server = new("repository", http, Folder(arguments.Metadata!), Folder(arguments.Targets ?? arguments.Metadata!));
        RepositorySources sources = new([server], _ => { });
        MetadataRefresher refresher = new(store, roots, TimeProvider.System);

        Result<TrustedMetadata> trusted = await refresher.RefreshAsync(sources, [], CancellationToken.None);
        if (!trusted.IsAccepted)
        {
            return trusted.Refusal;
        }

        foreach (string target in arguments.TargetNames)
        {
            Refusal? refusal = await refresher.FindAsync(trusted.Value, sources, target, CancellationToken.None)
                ?? await ArtifactDownload.RunAsync(trusted.Value, server, target, arguments.TargetFolder!);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private static string Folder(Uri address) => address.AbsoluteUri.TrimEnd('/');

    // Not *.json: the suite takes every such file in the folder for metadata.
    private static string InstalledRoot(ClientArguments arguments) => Path.Combine(arguments.MetadataFolder, "installed-root");

    private static string StoreFolder(ClientArguments arguments) => Path.Combine(arguments.MetadataFolder, "node");
}
