using System.Globalization;
using Relay.Server;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Signing;
using Shared.Contracts;
using Shared.Platform.Files;

namespace DoomedProcess;

/// <summary>A relay that does one thing: publishes a version of a model, or takes its keys from a ceremony.</summary>
internal static class DoomedPublisher
{
    public static async Task<int> PublishAsync(TimeProvider clock, Action<FileStep> step, string[] settings)
    {
        (string keys, string repository, string model) = (settings[0], settings[1], settings[2]);
        int version = int.Parse(settings[3], CultureInfo.InvariantCulture);
        OpenedKeys opened = await KeyStore.OpenAsync(keys, clock, CancellationToken.None);
        using SigningKeys own = opened.Keys;
        ReleasePublisher publisher = new(new TufRepository(repository, own, clock, new DurableFiles(afterStep: step)));
        byte[] content = [1, 2, 3, (byte)version];
        ArtifactSigner signer = new(own, clock);
        Result<Publication, PublishRefusal> result = await publisher.PublishAsync(
            new([new(model, version, content, signer.Sign(content))], "stable", null), CancellationToken.None);
        return result.IsAccepted ? 0 : 1;
    }

    public static async Task<int> ImportAsync(TimeProvider clock, Action<FileStep> step, string[] settings)
    {
        OpenedKeys opened = await KeyStore.OpenAsync(
            settings[0], clock, new DurableFiles(afterStep: step), CancellationToken.None, ceremony: settings[1]);
        opened.Keys.Dispose();
        return 0;
    }
}
