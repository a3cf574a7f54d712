using DoomedProcess;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Keys;

/// <summary>SIGKILL of a first start after every single file operation of taking keys from a ceremony: there is no key folder or a
/// whole one, and the next start goes on with the ceremony's keys and never with keys of its own.</summary>
public sealed class KeyImportKillTests
{
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Open_KilledAfterAnyStepOfAnImport_NextStartHasTheCeremonysKeys()
    {
        using TemporaryFolder folder = new();
        TestClock clock = new();
        KeyCeremony.Create(folder.Combine("ceremony"), new CeremonyPlan(3, 2, 2, 2), clock.GetUtcNow(), new DurableFiles());
        string online = folder.Combine(Path.Combine("ceremony", KeyCeremony.OnlineFolder));
        string[] expected = [.. Directory.GetFiles(online).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

        (int absent, string relay) = (0, folder.Combine("relay"));
        string keys = Path.Combine(relay, "keys");
        string[] arguments = [keys, online];
        Directory.CreateDirectory(relay);
        KillPoints kills = new(
            relay,
            async step => Assert.Equal(0, await DoomedCommands.RunAsync("import", clock.GetUtcNow(), step, arguments)),
            step => DoomedRun.SurvivesAsync("import", clock.GetUtcNow(), step, arguments));

        int states = await kills.ForEachAsync(async () =>
        {
            absent += Directory.Exists(keys) ? 0 : 1;
            if (Directory.Exists(keys))
            {
                AssertWhole();
            }

            OpenedKeys opened = await KeyStore.OpenAsync(keys, clock, CancellationToken.None, online);
            opened.Keys.Dispose();
            Assert.False(opened.Created);
            AssertWhole();
            Assert.False(Directory.Exists(keys + ".new"));
        });

        Assert.InRange(states, 2 * expected.Length, 200);
        Assert.InRange(absent, expected.Length, states - 1);

        void AssertWhole()
        {
            Assert.Equal(expected, Directory.GetFiles(keys).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
            Assert.All(expected, file => Assert.Equal(
                File.ReadAllBytes(Path.Combine(online, file)), File.ReadAllBytes(Path.Combine(keys, file))));
        }
    }
}
