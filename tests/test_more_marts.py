"""The marts of supply, works and results against the simulator's truth, with sums of Python."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tap_sienge.streams import presets

from bi.project import source
from testing.pipeline import FEWER, ROOT, Line, running_line
from tests.controller.books import Books
from tests.controller.money import total
from tests.controller.works import withheld
from tests.marts import cents, exact, read, summed, today
from tests.test_transform import MORE, build, put, selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

WIDER = (
    "supply_contracts_buildings",
    "supply_contracts_items",
    "supply_contracts_measurements_details",
    "building_projects_progress_logs",
    "building_projects_progress_logs_items",
    "purchase_orders_items_buildings_appropriations",
    "bills_taxes",
    "bulk_bank_movement",
)
"""What the marts here read beside the default preset and what others read."""

UNDONE = {"Cancelamento", "Substituição", "Reparcelamento", "Distrato", "Devolução"}


def forecast(row: Row) -> bool:
    """Tell whether a document is a forecast: by its flag or its name."""
    flag = row.get("documentForecast", row.get("forecastDocument"))
    name = row["documentIdentificationName"] or ""
    return flag == "S" or name.strip().upper().startswith(("PREVISÃO", "PREVISAO"))


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco"), *FEWER) as found:
        found.run(TAP_SIENGE__SELECT=selection(*presets()["padrao"], *MORE, *WIDER))
        build(found, "path:seeds", "path:empresa", "path:models")
        yield found


def test_what_waits_for_approval(line: Line) -> None:
    truth = line.simulator.truth
    expected = {
        ("Pedido de compra", str(row["id"])): "Reprovado" if row["disapproved"] else "A autorizar"
        for row in truth("purchase_orders")
        if not row["authorized"]
        and row["status"] == "PENDING"
        and row["consistent"] == "CONSISTENT"
    }
    rows = truth("supply_contracts_measurements")
    for row in rows:
        if not row["authorized"] and row["consistent"]:
            name = (
                f"{row['documentId']} {row['contractNumber']}, obra {row['buildingId']}, "
                f"medição {row['measurementNumber']}"
            )
            told = "Reprovado" if row["statusApproval"] == "DISAPPROVED" else "A autorizar"
            expected["Medição", name] = told
    kinds = "('Pedido de compra', 'Medição')"
    mart = f"aprovacoes_pendentes where tipo in {kinds}"
    assert expected
    assert read(line, mart, 2, "tipo", "documento", "situacao") == {
        key: (told,) for key, told in expected.items()
    }


def test_every_ordered_item_is_in_the_funnel(line: Line) -> None:
    orders = {row["id"]: row for row in line.simulator.truth("purchase_orders")}
    items = line.simulator.truth("purchase_orders_items")
    found = line.query("select * from marts.suprimentos_funil where numero_pedido is not null")
    assert len(found) == len(items)
    cancelled = {row["numero_pedido"] for row in found if row["etapa"] == "Cancelado"}
    assert cancelled == {key for key, row in orders.items() if row["status"] == "CANCELED"}
    waiting = {row["numero_pedido"] for row in found if row["aguarda"] == "Autorizador"}
    assert waiting <= {key for key, row in orders.items() if not row["authorized"]}
    late = [row for row in found if row["etapa"] == "A entregar"]
    assert all(orders[row["numero_pedido"]]["status"] == "PENDING" for row in late)


def test_prices_and_the_abc_curve(line: Line) -> None:
    orders = {row["id"]: row for row in line.simulator.truth("purchase_orders")}
    spent: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for item in line.simulator.truth("purchase_orders_items"):
        if orders[item["purchaseOrderId"]]["status"] != "CANCELED":
            spent[str(item["buildingCostDatebaseId"]), item["resourceId"]] += cents(
                exact(item["quantity"]) * exact(item["netPrice"])
            )
    found = line.query(
        "select codigo_tabela_custos::text as tabela, codigo_insumo, max(classe_abc) as classe, "
        "sum(valor) as valor from marts.precos_insumos where origem = 'Pedido' group by 1, 2"
    )
    assert {(row["tabela"], row["codigo_insumo"]): row["valor"] for row in found} == spent
    total, before = sum(spent.values()), Decimal(0)
    classes = {(row["tabela"], row["codigo_insumo"]): row["classe"] for row in found}
    for value, resource in sorted(((v, k) for k, v in spent.items()), reverse=True):
        expected = "A" if before < total * 80 / 100 else "B" if before < total * 95 / 100 else "C"
        if list(spent.values()).count(value) == 1:
            assert classes[resource] == expected, resource
        before += value


def test_what_works_cost(line: Line) -> None:
    truth = line.simulator.truth
    contracts = {
        (row["documentId"], row["contractNumber"]): row for row in truth("supply_contracts")
    }

    def value(row: Row, kind: str = "total") -> Decimal:
        return cents(row[f"{kind}LaborValue"]) + cents(row[f"{kind}MaterialValue"])

    measured = [
        row
        for row in truth("supply_contracts_measurements")
        if row["statusApproval"] != "DISAPPROVED"
    ]
    rescinded = {key for key, row in contracts.items() if row["status"] == "RESCINDED"}
    agreed = sum(
        value(row)
        for key, row in contracts.items()
        if row["isAuthorized"] and row["statusApproval"] == "APPROVED" and key not in rescinded
    )
    ended = sum(
        value(row) for row in measured if (row["documentId"], row["contractNumber"]) in rescinded
    )
    (found,) = line.query(
        "select sum(valor_contratado) as agreed, sum(valor_medido) as measured, "
        "sum(valor_comprometido - valor_contratado - valor_pedidos_abertos) as rest, "
        "sum(valor_a_comprometer - valor_orcado + valor_realizado + saldo_contratos "
        "+ valor_pedidos_abertos) as left_over from marts.custo_obra"
    )
    assert agreed
    assert (found["agreed"], found["measured"]) == (agreed + ended, sum(map(value, measured)))
    assert (found["rest"], found["left_over"]) == (0, 0)


def test_the_curve_of_what_was_measured(line: Line) -> None:
    logs = {
        (row["buildingId"], row["measurementNumber"]): row
        for row in line.simulator.truth("building_projects_progress_logs")
        if row["statusApproval"] == "APROVADA"
    }
    parts = [
        (log["buildingId"], exact(item["measuredQuantity"]) * exact(item["unitPrice"]))
        for item in line.simulator.truth("building_projects_progress_logs_items")
        if (log := logs.get((item["buildingId"], item["measurementNumber"])))
    ]
    mart = "curva_s_obra group by codigo_empreendimento having sum(valor_medido) > 0"
    assert read(line, mart, 1, "codigo_empreendimento", "max(medido_acumulado)") == {
        (building,): (value,) for building, value in summed(parts).items()
    }


def test_what_was_withheld(line: Line) -> None:
    truth = line.simulator.truth
    taxes = total(tax for _, tax in withheld(Books(truth, {"bills_taxes"})))
    held = sum(
        cents(row["securityDepositValue"])
        for row in truth("supply_contracts_measurements_details")
        if row["statusApproval"] != "DISAPPROVED"
    )
    assert read(line, "retencoes group by tipo", 1, "tipo", "sum(valor_retido)") == {
        ("Imposto",): (taxes,),
        ("Caução",): (held,),
    }


def test_commissions_and_leases(line: Line) -> None:
    rows = line.simulator.truth("commissions")
    columns = ("valor_pago", "valor_cancelado", "valor_a_pagar")
    (found,) = line.query(
        f"select {', '.join(f'sum({c}) as {c}' for c in columns)} from marts.comissoes"
    )
    parts = {"PAID": columns[0], "CANCELLED": columns[1]}
    assert found == summed(
        (parts.get(row["installmentStatus"], columns[2]), row["value"]) for row in rows
    )
    leases = line.simulator.truth("property_rental")
    current = {
        row["contractSeqId"]
        for row in leases
        if row["situation"] in {"AUTORIZADO", "EMITIDO"}
        and row["initialRentalDate"] <= today() <= row["finalRentalDate"]
    }
    found_leases = line.query("select codigo_contrato_locacao as id, vigente from marts.locacoes")
    assert len(found_leases) == len(leases)
    assert {row["id"] for row in found_leases if row["vigente"]} == current


def test_balances_follow_the_movements(line: Line) -> None:
    moved: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for row in line.simulator.truth("accounts_statements"):
        sign = 1 if row["type"] == "Income" else -1
        moved[row["companyId"], row["bankAccountId"], row["date"]] += sign * cents(row["value"])
    mart = "saldos_bancarios where movimentos > 0"
    keys = ("codigo_empresa", "numero_conta_corrente", "data::text")
    assert read(line, mart, 3, *keys, "movimento") == {k: (v,) for k, v in moved.items()}
    told = line.simulator.truth("accounts_balances")
    last = max(row["balanceDate"] for row in told)
    assert read(line, "saldos_bancarios where saldo_lido is not null", 3, *keys, "saldo") == {
        (row["companyId"], row["accountNumber"], last): (cents(row["amount"]),)
        for row in told
        if row["balanceDate"] == last
    }


def test_the_portfolio_with_fine_interest_and_provision(line: Line) -> None:
    provisions = ((0, 0), (30, 1), (60, 3), (90, 10), (180, 50), (360, 100))
    rates = {row["receivableBillId"]: row for row in line.simulator.truth("sales_contracts")}
    found = {
        (row["numero_titulo"], row["codigo_parcela"]): row
        for row in line.query("select * from marts.carteira_receber")
    }
    opened = [
        row
        for row in line.simulator.truth("bulk_income")
        if row["balanceAmount"] > 0 and not forecast(row)
    ]
    assert len(opened) == len(found)
    for row in opened:
        cell = found[row["billId"], row["installmentId"]]
        days = max((date.fromisoformat(today()) - date.fromisoformat(row["dueDate"])).days, 0)
        balance = cents(row["correctedBalanceAmount"]) - cents(row["discountAmount"])
        monthly = exact(rates.get(row["billId"], {}).get("interestPercentage", 1))
        fine = cents(balance * 2 / 100) if days else Decimal(0)
        rate = next((percent for end, percent in provisions if days <= end), 100)
        assert (cell["saldo"], cell["multa"]) == (balance, fine)
        assert cell["valor_pdd"] == cents(balance * rate / 100)
        if row["billId"] in rates:
            assert cell["juros"] == cents(balance * monthly / 100 * days / 30)
        assert (
            cell["valor_presente"] == cell["valor_atualizado"]
            if days
            else (cell["valor_presente"] <= balance)
        )


def test_the_result_by_cash_and_accrual(line: Line) -> None:
    truth = line.simulator.truth
    cash: defaultdict[str, Decimal] = defaultdict(Decimal)
    accrual: defaultdict[str, Decimal] = defaultdict(Decimal)
    for side, rows, done, kinds, sign in (
        ("Parcelas a receber", truth("bulk_income"), "receipts", {"Recebimento"}, 1),
        ("Parcelas a pagar", truth("bulk_outcome"), "payments", {"Pagamento", "Adiantamento"}, -1),
    ):
        for row in rows:
            settled = row[done] or []
            names = [each["operationTypeName"] for each in settled]
            goods = side == "Parcelas a receber" and row["paymentTerm"]["id"] == "PE"
            if not goods:
                cash[side] += sign * sum(
                    cents(each["netAmount"])
                    for each, name in zip(settled, names, strict=True)
                    if name in kinds or (name == "Estorno" and kinds & set(names))
                )
            if not forecast(row):
                undone = sum(
                    cents(each["grossAmount"])
                    for each, name in zip(settled, names, strict=True)
                    if name in UNDONE
                )
                accrual[side] += sign * (cents(row["originalAmount"]) - undone)
    mart = "dre where origem <> 'Movimentos sem título' group by regime, origem"
    assert read(line, mart, 2, "regime", "origem", "sum(valor)") == {
        (regime, side): (value,)
        for regime, sums in (("Caixa", cash), ("Competência", accrual))
        for side, value in sums.items()
    }


def test_the_plan_has_its_levels(line: Line) -> None:
    codes = {str(row["id"]) for row in line.simulator.truth("payment_categories")}
    parents = {code: code[:-2] if len(code) > 1 else None for code in codes}
    assert read(
        line, "dim_plano_financeiro", 1, "codigo_plano_financeiro", "codigo_pai", "nivel"
    ) == {
        (int(code),): (parent and int(parent), (len(code) + 1) // 2)
        for code, parent in parents.items()
    }


def test_every_comparison_has_rows_and_agrees(line: Line) -> None:
    for table in ("customer_financial_statements", "bills_installments"):
        put(line, table)  # read beside the BULK
    told = line.simulator.truth("accounts_balances")
    _, before, *_ = sorted({row["balanceDate"] for row in told}, reverse=True)
    for row in told:
        if row["balanceDate"] == before:
            line.query(
                "insert into sienge.accounts_balances "
                "(_key, company_id, account_number, balance_date, amount) values "
                f"('{row['accountNumber']} {before}', {row['companyId']}, "
                f"'{row['accountNumber']}', '{before}', {row['amount']}) "
                "returning 1"
            )
    views = ("extrato_cliente", "parcelas_titulos_pagar")
    build(line, *views, "saldos_bancarios", "conferencia")
    found = line.query("select conferencia, situacao, chaves from marts.conferencia")
    text = (ROOT / "transform/models/marts/conferencia.sql").read_text("utf-8")
    names = {name for name in re.findall(r"'([A-ZÀ-Ú][^']+)'", text) if " " in name}
    names -= {"Parcelas a pagar", "Parcelas a receber", "Movimentos sem título"}
    assert {row["conferencia"] for row in found} == names
    assert len(names) == 9
    assert [row for row in found if row["situacao"] != "Confere" or not row["chaves"]] == []


@pytest.fixture
def office(line: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("PGOPTIONS", "-c timezone=America/Sao_Paulo")
    return line


def number(line: Line, question: str) -> Any:  # noqa: ANN401 - a number, a day or a moment
    (row,) = line.query(question)
    (value,) = row.values()
    return round(value, 2) if isinstance(value, Decimal) else value or 0


def test_every_measure_of_power_bi_is_the_number_of_the_marts(office: Line) -> None:
    """Each is asked by its own SQL, which says what its DAX does, and by all other ways."""
    compared = 0
    for measure in source.measures():
        value = number(office, measure.sql)
        others = [measure.check] if measure.check else []
        if measure.indicator:
            others.append(
                "select coalesce(sum(valor), 0) from marts.indicadores "
                f"where indicador = '{measure.indicator}'"
            )
        if measure.question:
            question, column = measure.question.split(".")
            text = (source.BI / "consultas" / f"{question}.sql").read_text("utf-8")
            others.append(f"select sum({column}) from ({text}) as resposta")
        assert others, measure.name
        for other in others:
            assert number(office, other) == value, (measure.name, other)
        compared += value != 0
    assert compared > 70  # the others are truly zero here


def test_indicators_are_the_same_in_every_place(office: Line) -> None:
    defined = {
        row["indicador"]: row for row in office.query("select * from marts.indicadores_definicoes")
    }
    asked = "select indicador, sum(valor) as total from marts.indicadores group by indicador"
    sums = {row["indicador"]: row["total"] for row in office.query(asked)}
    assert sums.keys() <= defined.keys()
    assert len(sums) > 35
    question = (source.BI / "consultas" / "indicadores.sql").read_text("utf-8")
    assert {row["nome"]: row["total"] for row in office.query(question)} == {
        row["nome"]: sums.get(name, 0) for name, row in defined.items()
    }
    measured = {measure.indicator for measure in source.measures()}
    assert defined.keys() - measured == {"pagar_baixado_sem_caixa"}, "sem medida no Power BI"


def test_a_difference_is_told_with_its_rows(line: Line) -> None:
    told = {row["conferencia"]: row for row in line.query("select * from marts.conferencia")}
    assert len(told) > 5
    assert told["O caixa das parcelas é o das baixas"]["situacao"] == "Confere"
    (row,) = line.query(
        "update sienge.sales_contracts set value = value + 7 where id = "
        "(select max(codigo_contrato_venda) from marts.fato_vendas) returning id"
    )
    build(line, "fato_vendas", "conferencia")
    (found,) = line.query("select * from marts.conferencia where conferencia like 'As condições%'")
    assert (found["situacao"], found["diferenca"]) == ("Difere", -7)
    assert found["exemplos"] == f"contrato {row['id']}: -7.00"
