using AttackList;

// The arguments are the test assemblies.
Coverage coverage = new();
foreach (string assembly in args)
{
    coverage.Add(Path.GetFullPath(assembly));
}

IReadOnlyList<Attack> attacks = Attack.ReadAll();
foreach (Attack attack in attacks)
{
    Console.WriteLine($"{attack.Id}: {attack.Description}");
    IReadOnlyList<string> tests = coverage.TestsOf(attack.Id);
    foreach (string test in tests.Order(StringComparer.Ordinal))
    {
        Console.WriteLine($"    {test}");
    }

    if (tests.Count == 0)
    {
        Console.WriteLine("    NO TEST COVERS THIS");
    }
}

string[] uncovered = [.. attacks.Select(a => a.Id).Where(id => coverage.TestsOf(id).Count == 0)];
string[] unknown = [.. coverage.Ids.Except(attacks.Select(a => a.Id))];
int covering = attacks.SelectMany(a => coverage.TestsOf(a.Id)).Distinct(StringComparer.Ordinal).Count();
Console.WriteLine($"{attacks.Count - uncovered.Length} of {attacks.Count} attacks are covered, by {covering} tests");
foreach (string id in uncovered)
{
    Console.Error.WriteLine($"No test covers '{id}'.");
}

foreach (string id in unknown)
{
    Console.Error.WriteLine($"Tests name the attack '{id}', which tests/AttackList/attacks.json does not have.");
}

return uncovered.Length + unknown.Length == 0 && attacks.Count > 0 ? 0 : 1;
