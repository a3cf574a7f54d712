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

        (bool finished, int absent, int step) = (false, 0, 0);
        while (!finished)
        {
            string keys = folder.Combine(Path.Combine($"relay-{++step}", "keys"));
            finished = await DoomedRun.SurvivesAsync("import", clock.GetUtcNow(), step, keys, online);
            absent += Directory.Exists(keys) ? 0 : 1;
            if (Directory.Exists(keys))
            {
                AssertWhole(keys);
            }

            OpenedKeys opened = await KeyStore.OpenAsync(keys, clock, CancellationToken.None, online);
            opened.Keys.Dispose();
            Assert.False(opened.Created);
            AssertWhole(keys);
            Assert.False(Directory.Exists(keys + ".new"));
        }

        Assert.InRange(step, 2 * expected.Length, 200);
        Assert.InRange(absent, expected.Length, step - 1);

        void AssertWhole(string keys)
        {
            Assert.Equal(expected, Directory.GetFiles(keys).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
            Assert.All(expected, file => Assert.Equal(
                File.ReadAllBytes(Path.Combine(online, file)), File.ReadAllBytes(Path.Combine(keys, file))));
        }
    }
}
