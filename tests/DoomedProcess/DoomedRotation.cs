using Relay.Server;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Shared.Contracts;
using Shared.Platform.Files;

namespace DoomedProcess;

/// <summary>A relay that replaces the keys of one role.</summary>
internal static class DoomedRotation
{
    public static async Task<int> RotateAsync(TimeProvider clock, Action<FileStep> step, string[] settings)
    {
        (string folder, string repository, string role) = (settings[0], settings[1], settings[2]);
        DurableFiles files = new(afterStep: step);
        using SigningKeys keys = KeyStore.OpenForRotation(folder);
        RotationService service = new(new TufRepository(repository, keys, clock, files));
        Result<RotationOutcome, RotationRefusal> result =
            await new KeyRotation(service, keys, files).RotateAsync(role, null, [], CancellationToken.None);
        return result.Value?.Published == true ? 0 : 1;
    }
}
